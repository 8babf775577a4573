using System.Collections.Concurrent;
using System.Diagnostics;
using Larder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Outage;

/// <summary>Three app servers in one process, each with a cache of its own, and their readers.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Nodes = 3;
    private const int Keys = 20;
    private const int Readers = 8;

    // The others are only read; their factory calls are counted.
    private const int RemovedKeys = Keys / 2;

    private static readonly TimeSpan SlowFrom = TimeSpan.FromMilliseconds(50);

    private readonly ServiceProvider[] _services;
    private readonly ConcurrentBag<(int Node, int Key, long At)> _calls = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private long _reads;
    private long _failed;
    private long _slow;
    private long _longest;

    public Load(string server) => _services =
    [
        .. Enumerable.Range(0, Nodes).Select(_ =>
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddHealthChecks().AddLarderHealthCheck();
            services.AddLarder().UseRedis(server);
            return services.BuildServiceProvider();
        }),
    ];

    public long Reads => _reads;

    public long Failed => _failed;

    public long Slow => _slow;

    public TimeSpan Longest => TimeSpan.FromTicks(_longest);

    /// <summary>How many invalidations wait on all nodes.</summary>
    public int Undelivered => _services.Sum(services => (int)Health(services).Result.Entries.Values.Sum(entry => (int)entry.Data["undelivered"]));

    public async Task BeginAsync()
    {
        await HealthyAsync();
        for (var node = 0; node < Nodes; node++)
        {
            var (number, cache) = (node, _services[node].GetRequiredService<LarderCache>());
            _running.AddRange(Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(number, cache))));
        }

        _running.Add(Task.Run(RemoveAsync));
    }

    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
    }

    /// <summary>Waits until every node is healthy and has delivered everything.</summary>
    public async Task<TimeSpan> HealthyAsync()
    {
        var watch = Stopwatch.StartNew();
        foreach (var services in _services)
        {
            while ((await Health(services)).Status != HealthStatus.Healthy)
            {
                await Task.Delay(20);
            }
        }

        return watch.Elapsed;
    }

    /// <summary>The most calls of a factory since <paramref name="start"/> for one key on one node, of those that nobody removes.</summary>
    public int MostCallsSince(long start) =>
        _calls.Where(call => call.At >= start).GroupBy(call => (call.Node, call.Key)).Max(calls => calls.Count());

    public async ValueTask DisposeAsync()
    {
        foreach (var services in _services)
        {
            await services.DisposeAsync();
        }

        _stop.Dispose();
    }

    private static Task<HealthReport> Health(ServiceProvider services) => services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private async Task ReadAsync(int node, LarderCache cache)
    {
        while (!_stop.IsCancellationRequested)
        {
            var key = Random.Shared.Next(Keys);
            var start = Stopwatch.GetTimestamp();
            try
            {
                await cache.GetOrCreateAsync($"key:{key}", (this, node, key), static (state, cancellationToken) => state.Item1.MakeAsync(state.node, state.key));
            }
            catch (Exception)
            {
                Interlocked.Increment(ref _failed);
            }

            Note(Stopwatch.GetElapsedTime(start));
            await Task.Delay(1);
        }
    }

    private void Note(TimeSpan time)
    {
        Interlocked.Increment(ref _reads);
        if (time > SlowFrom)
        {
            Interlocked.Increment(ref _slow);
        }

        for (var longest = Volatile.Read(ref _longest); time.Ticks > longest; longest = Volatile.Read(ref _longest))
        {
            Interlocked.CompareExchange(ref _longest, time.Ticks, longest);
        }
    }

    private async ValueTask<int> MakeAsync(int node, int key)
    {
        if (key >= RemovedKeys)
        {
            _calls.Add((node, key, Stopwatch.GetTimestamp()));
        }

        await Task.Delay(5);
        return key;
    }

    private async Task RemoveAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var (node, key) = (Random.Shared.Next(Nodes), Random.Shared.Next(RemovedKeys));
            await _services[node].GetRequiredService<LarderCache>().RemoveAsync($"key:{key}");
            await Task.Delay(100);
        }
    }
}
