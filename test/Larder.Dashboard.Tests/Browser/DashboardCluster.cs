using StackExchange.Redis;

namespace Larder.Dashboard.Tests.Browser;

/// <summary>Three nodes over one redis-server; the third's way to it can be cut.</summary>
public sealed class DashboardCluster : IAsyncLifetime
{
    private RedisServer? _server;
    private FaultyProxy? _way;
    private DashboardNode[] _nodes = [];

    internal IReadOnlyList<DashboardNode> Nodes => _nodes;

    /// <summary>The node that a test looks at.</summary>
    internal DashboardNode First => _nodes[0];

    internal DashboardNode Third => _nodes[2];

    /// <summary>The third node's way to the server.</summary>
    internal FaultyProxy WayOfThird => _way!;

    internal string Store => _server!.Configuration;

    /// <summary>The third node hears nothing of the feed any more; its reads and writes go on.</summary>
    internal async Task CutTheFeedOfTheThirdAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{Store},allowAdmin=true");
        var listeners = (await redis.GetServers()[0].ClientListAsync())
            .Where(client => client.SubscriptionCount > 0)
            .Select(client => client.Port)
            .ToHashSet();
        WayOfThird.SwallowAnswers(listeners.Contains);
    }

    /// <summary>The third node's connections are made anew, and work.</summary>
    internal async Task MendAsync()
    {
        WayOfThird.Release();
        await First.Cache.SetAsync("mended", true);
        WayOfThird.Cut();
        await Eventually.TrueAsync(ThirdTrustsItsL1Async, TimeSpan.FromSeconds(60), "the third node trusts its L1 again");
    }

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _way = new FaultyProxy(_server.Port);
        _nodes =
        [
            await DashboardNode.StartAsync("web-1", _server.Configuration),
            await DashboardNode.StartAsync("web-2", _server.Configuration),
            await DashboardNode.StartAsync("web-3", _way.Configuration),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        if (_way is not null)
        {
            await _way.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task<bool> ThirdTrustsItsL1Async()
    {
        var found = await Third.Cache.ExplainAsync("mended");
        return found is { NotTrustedFor: null, StoreDownFor: null } ? true : throw new InvalidOperationException(found.ToString());
    }
}
