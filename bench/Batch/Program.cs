using System.Diagnostics;
using Larder;
using Larder.Testing;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

// 100 keys of 1 KB that are in L2 and not in L1: 100 calls one after another, 100 at once, and one call for all of them. Each
// way for half a second, in turn; the median of the rounds' mean times.
const int Count = 100;
const int Rounds = 20;
var reading = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCache };
string[] keys = [.. Enumerable.Range(0, Count).Select(i => $"key:{i}")];

Console.WriteLine("| server       | 100 calls, ms | 100 calls at once, ms | 1 batch, ms | calls / batch | at once / batch |");
Console.WriteLine("|--------------|--------------:|----------------------:|------------:|--------------:|----------------:|");
foreach (var (kind, delay) in new[] { (ServerKind.Redis, 0), (ServerKind.Garnet, 0), (ServerKind.Redis, 1) })
{
    await using var server = await TestServer.StartAsync(kind);
    await using var network = new FaultyProxy(server.Port) { Delay = TimeSpan.FromMilliseconds(delay) };
    await using var services = new ServiceCollection()
        .AddLarder().UseRedis(delay == 0 ? server.Configuration : network.Configuration).Services.BuildServiceProvider();
    var cache = services.GetRequiredService<LarderCache>();
    await cache.SetManyAsync(keys.Select(key => KeyValuePair.Create(key, new string('x', 1000))));

    var (single, parallel, batch) = (new List<double>(), new List<double>(), new List<double>());
    for (var round = -2; round < Rounds; round++)
    {
        var times = (await TimeAsync(SingleAsync), await TimeAsync(ParallelAsync), await TimeAsync(BatchAsync));
        if (round >= 0)
        {
            single.Add(times.Item1);
            parallel.Add(times.Item2);
            batch.Add(times.Item3);
        }
    }

    var (one, all, many) = (Median(single), Median(parallel), Median(batch));
    var name = (kind, delay) switch { (ServerKind.Garnet, _) => "Garnet", (_, 0) => "redis-server", _ => "redis, 1 ms" };
    Console.WriteLine($"| {name,-12} | {one,13:0.00} | {all,21:0.00} | {many,11:0.00} | {one / many,13:0.0} | {all / many,15:0.0} |");

    async Task SingleAsync()
    {
        foreach (var key in keys)
        {
            await GetAsync(key);
        }
    }

    Task ParallelAsync() => Task.WhenAll(keys.Select(key => GetAsync(key).AsTask()));

    ValueTask<string> GetAsync(string key) =>
        cache.GetOrCreateAsync<string>(key, static _ => throw new InvalidOperationException("Not to be called."), reading);

    async Task BatchAsync()
    {
        var got = await cache.GetOrCreateManyAsync<string>(keys, static (_, _) => throw new InvalidOperationException("Not to be called."), reading);
        if (got.Count != Count)
        {
            throw new InvalidOperationException($"Got {got.Count} of {Count}.");
        }
    }
}

static async Task<double> TimeAsync(Func<Task> action)
{
    var (start, times) = (Stopwatch.GetTimestamp(), 0);
    TimeSpan elapsed;
    do
    {
        await action();
        times++;
        elapsed = Stopwatch.GetElapsedTime(start);
    }
    while (elapsed < TimeSpan.FromMilliseconds(500));

    return elapsed.TotalMilliseconds / times;
}

static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
