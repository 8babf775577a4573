using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Consistency;

/// <summary>One app server: readers that check what they read, and writers that change the origin and then invalidate.</summary>
internal sealed class NodeProcess(SharedState shared, int node, int writePause, IServiceProvider services)
{
    private const int Readers = 3;
    private const int Writers = 3;
    private const int Burst = 8;
    private static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(5);
    private static readonly HybridCacheEntryOptions StoreOnly = new()
    {
        Flags = HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableUnderlyingData,
    };

    private static readonly string[] KeyNames = [.. Enumerable.Range(0, SharedState.Keys).Select(key => $"key{key}")];
    private static readonly string[][] TagNames = [.. Enumerable.Range(0, SharedState.Keys).Select(key => new[] { $"tag{key % SharedState.Tags}" })];

    private readonly HybridCache _cache = services.GetRequiredService<HybridCache>();
    private long _complaints;

    /// <summary>Runs until the phase says to end. Arguments: path of the shared state, number of the node, cache, server, pause of the writers.</summary>
    public static async Task RunAsync(string[] args)
    {
        using var shared = new SharedState(args[0]);
        var node = int.Parse(args[1], CultureInfo.InvariantCulture);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Critical);
        Caches.Add(builder.Services, Enum.Parse<CacheKind>(args[2]), args[3]);
        using var host = builder.Build();
        await host.StartAsync();
        await new NodeProcess(shared, node, int.Parse(args[4], CultureInfo.InvariantCulture), host.Services).RunAsync();
        await host.StopAsync();
    }

    private async Task RunAsync()
    {
        for (var key = 0; key < SharedState.Keys; key++)
        {
            await ReadAsync(key, null);
        }

        await ReadyAsync(Phase.Starting);
        await Task.WhenAll([
            .. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAllAsync(storeOnly: false))),
            Task.Run(() => ReadAllAsync(storeOnly: true)), // one alone: two reads of one key could share a load that began earlier
            .. Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAllAsync))]);
        if (node == 0)
        {
            for (var key = 0; key < SharedState.Keys; key++)
            {
                if (shared.IsAbandoned(key))
                {
                    await WriteAsync(key);
                }
            }
        }

        await ReadyAsync(Phase.Settling);
        for (var key = 0; key < SharedState.Keys; key++)
        {
            if (await ReadAsync(key, null) < shared.Version(key))
            {
                shared.Count(node, Counter.StaleAtEnd);
            }
        }

        await ReadyAsync(Phase.Checking);
    }

    private async Task ReadyAsync(Phase phase)
    {
        shared.Set(node, Counter.Ready, 1);
        while (shared.Phase == phase)
        {
            await Task.Delay(5);
        }

        shared.Set(node, Counter.Ready, 0);
    }

    private async Task ReadAllAsync(bool storeOnly)
    {
        while (shared.Phase == Phase.Running)
        {
            for (var i = 0; i < Burst; i++)
            {
                await CheckedReadAsync(Random.Shared.Next(SharedState.Keys), storeOnly);
            }

            await Task.Delay(Random.Shared.Next(1, 4));
        }
    }

    private async Task CheckedReadAsync(int key, bool storeOnly)
    {
        // In this order: what was complete before the read began.
        var own = shared.CompletedBy(node, key);
        var completed = shared.Completed(key);
        var start = Stopwatch.GetTimestamp();
        long version;
        try
        {
            version = await ReadAsync(key, storeOnly ? StoreOnly : null);
        }
        catch (Exception fault)
        {
            shared.Count(node, Counter.FailedReads);
            Complain("read", fault);
            return;
        }

        if (version == 0 && storeOnly)
        {
            return; // nothing there
        }

        shared.Count(node, Counter.Reads);
        shared.CountMaximum(node, Counter.SlowestRead, Microseconds(Stopwatch.GetTimestamp() - start));
        if (version < Math.Max(own, completed))
        {
            CountStale(key, version, Math.Max(own, completed), start, storeOnly, version < own);
        }
    }

    private void CountStale(int key, long version, long completed, long start, bool storeOnly, bool isOwn)
    {
        var (at, byTagOnly) = shared.Outdated(key, version, completed);
        var age = Microseconds(Math.Max(0, start - at));
        if (isOwn)
        {
            shared.Count(node, Counter.StaleOwn);
            shared.CountMaximum(node, Counter.StaleOwnAge, age);
        }
        else if (storeOnly && !byTagOnly)
        {
            shared.Count(node, Counter.StaleStore);
            shared.CountMaximum(node, Counter.StaleStoreAge, age);
        }
        else
        {
            // A tag's entries stay in L2, and nodes judge them by the tag numbers that they have heard of.
            shared.Count(node, Counter.StaleOther);
            shared.Count(node, Counter.StaleOtherOver50Milliseconds, age > 50_000 ? 1 : 0);
            shared.Count(node, Counter.StaleOtherOverMaxStaleness, age > MaxStaleness.TotalMicroseconds ? 1 : 0);
            shared.CountMaximum(node, Counter.StaleOtherAge, age);
        }
    }

    private ValueTask<long> ReadAsync(int key, HybridCacheEntryOptions? options) => _cache.GetOrCreateAsync(
        KeyNames[key],
        (Node: this, Key: key),
        static async (state, cancellationToken) =>
        {
            state.Node.CountFactory();
            var version = state.Node.Origin(state.Key);

            // The answer travels: meanwhile the row may change.
            await Task.Delay(Random.Shared.Next(1, 8), cancellationToken);
            return version;
        },
        options,
        TagNames[key]);

    private long Origin(int key) => shared.Version(key);

    // The reads at the start and at the end are not counted either.
    private void CountFactory() => shared.Count(node, Counter.FactoryRuns, shared.Phase == Phase.Running ? 1 : 0);

    private async Task WriteAllAsync()
    {
        while (shared.Phase == Phase.Running)
        {
            var key = Random.Shared.Next(SharedState.Keys);
            if (shared.TryLock(node, key))
            {
                await WriteAsync(key);
            }

            await Task.Delay(Random.Shared.Next(2 * writePause));
        }
    }

    private async Task WriteAsync(int key)
    {
        var version = shared.Update(key);
        var kind = Random.Shared.Next(20);
        while (true)
        {
            try
            {
                await (kind switch
                {
                    < 9 => _cache.RemoveAsync(KeyNames[key]),
                    < 16 => _cache.SetAsync(KeyNames[key], version, null, TagNames[key]),
                    < 19 => _cache.RemoveByTagAsync(TagNames[key][0]),
                    _ => _cache.RemoveByTagAsync("*"),
                });
                break;
            }
            catch (Exception fault)
            {
                // The cache says that it did not happen: an app would try again.
                shared.Count(node, Counter.FailedWrites);
                Complain("write", fault);
                await Task.Delay(20);
            }
        }

        shared.CompleteOn(node, key, version);
        await Caches.DeliveredAsync(services);
        shared.Complete(key, version, byTag: kind >= 16);
        shared.Count(node, Counter.Writes);
        shared.Unlock(key);
    }

    private void Complain(string operation, Exception fault)
    {
        if (Interlocked.Increment(ref _complaints) <= 2)
        {
            Console.Error.WriteLine($"  node {node}: a {operation} failed: {fault.GetBaseException().Message}");
        }
    }

    private static long Microseconds(long ticks) => ticks / (Stopwatch.Frequency / 1_000_000);
}
