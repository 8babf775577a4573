using System.Diagnostics;
using Larder.Testing;

namespace Scale.Nodes;

/// <summary>Some nodes of one process, on a server of their own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly RedisServer _server;
    private readonly Node[] _nodes;
    private int _lastKey;

    private Cluster(RedisServer server, Meter meter, int nodes)
    {
        _server = server;
        Meter = meter;
        _nodes = [.. Enumerable.Range(0, nodes).Select(_ => new Node(server.Configuration))];
    }

    public Meter Meter { get; }

    public static async Task<Cluster> StartAsync(int nodes)
    {
        var server = await RedisServer.StartAsync();
        var cluster = new Cluster(server, await Meter.StartAsync(server.Configuration), nodes);

        // An entry that stays in L1: the node hears the feed.
        foreach (var node in cluster._nodes)
        {
            await Eventually.TrueAsync(async () =>
            {
                await node.Cache.SetAsync("begun", "value");
                return node.HasCopy("begun");
            });
        }

        await Task.Delay(TimeSpan.FromSeconds(2));
        return cluster;
    }

    /// <summary>Invalidates keys one after another, each of which the first node alone holds.</summary>
    /// <param name="way">How.</param>
    /// <param name="count">How many.</param>
    /// <param name="times">Takes what each took until it returned.</param>
    public async Task<(Traffic Traffic, double Seconds)> InvalidateAsync(Invalidation way, int count, Sample times)
    {
        var keys = await SetAsync(count);
        return await Meter.MeasureAsync(async () =>
        {
            foreach (var key in keys)
            {
                var start = Stopwatch.GetTimestamp();
                await way.Run(_nodes[0].Cache, key);
                times.AddSince(start);
            }
        });
    }

    /// <summary>Invalidates keys of which every node has a copy, and looks all the time whether the others still have theirs.</summary>
    /// <param name="way">How.</param>
    /// <param name="count">How many.</param>
    /// <param name="times">Takes what it took, from the call on, until no other node had one.</param>
    public async Task SpreadAsync(Invalidation way, int count, Sample times)
    {
        var keys = await SetAsync(count);
        await Eventually.TrueAsync(async () =>
        {
            foreach (var key in keys)
            {
                foreach (var node in _nodes)
                {
                    await node.Cache.GetOrCreateAsync(key, static _ => ValueTask.FromResult("value"), tags: [Invalidation.TagOf(key)]);
                }
            }

            return keys.All(key => _nodes.All(node => node.HasCopy(key)));
        });
        foreach (var key in keys)
        {
            var start = Stopwatch.GetTimestamp();
            var invalidating = way.Run(_nodes[0].Cache, key).AsTask();
            foreach (var node in _nodes[1..])
            {
                while (node.HasCopy(key))
                {
                    Thread.Yield();
                }
            }

            times.AddSince(start);
            await invalidating;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await Meter.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task<string[]> SetAsync(int count)
    {
        var keys = Enumerable.Range(0, count).Select(_ => $"user:{++_lastKey}").ToArray();
        foreach (var key in keys)
        {
            await _nodes[0].Cache.SetAsync(key, "value", tags: [Invalidation.TagOf(key)]);
        }

        return keys;
    }
}
