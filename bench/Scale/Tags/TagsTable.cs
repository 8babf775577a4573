using System.Diagnostics;
using System.Runtime;
using Larder.Testing;
using Scale.Nodes;

namespace Scale.Tags;

/// <summary>The table of what grows with the tags of an entry.</summary>
internal static class TagsTable
{
    private const int Rounds = 21;
    private const int QuietRounds = 8;
    private static readonly TimeSpan ShortestWarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(20);

    public static async Task PrintAsync()
    {
        await using var server = await RedisServer.StartAsync();
        await using var meter = await Meter.StartAsync(server.Configuration);
        await using var node = new Node(server.Configuration);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var kinds = Array.ConvertAll((int[])[0, 1, 2, 4, 8, 16, 32], tags => new TaggedKeys(node.Cache, tags));
        foreach (var kind in kinds)
        {
            await kind.FillAsync();
        }

        await WarmUpAsync(node, kinds);
        for (var round = 0; round < Rounds; round++)
        {
            // The first of a round bears what the removal leaves to be done, the message of it that comes back: not always the same.
            var first = round % kinds.Length;
            await RunAsync(node, [.. kinds[first..], .. kinds[..first]], isWarmUp: false);
        }

        Console.WriteLine("| tags | L1 hit, ns | first after another tag was removed, ns | L2 hit, µs | Set, µs | bytes in Redis |");
        Console.WriteLine("|-----:|-----------:|----------------------------------------:|-----------:|--------:|---------------:|");
        foreach (var kind in kinds)
        {
            Console.WriteLine(
                $"| {kind.Tags} | {kind.Hit.Median:0} | {kind.FirstHit.Median:0} | {kind.FarHit.Median / 1000:0} | {kind.Set.Median / 1000:0} | {await kind.BytesAsync(meter):N0} |");
        }

        Console.WriteLine();
    }

    // Until everything is compiled as well as it will be: that is done on a thread of its own, which may wait for the processor.
    private static async Task WarmUpAsync(Node node, TaggedKeys[] kinds)
    {
        var (start, compiled, quiet) = (Stopwatch.GetTimestamp(), 0L, 0);
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < LongestWarmUp && (elapsed < ShortestWarmUp || quiet < QuietRounds))
        {
            await RunAsync(node, kinds, isWarmUp: true);
            (compiled, quiet) = JitInfo.GetCompiledMethodCount() is var count && count == compiled ? (compiled, quiet + 1) : (count, 0);
        }
    }

    private static async Task RunAsync(Node node, TaggedKeys[] kinds, bool isWarmUp)
    {
        await node.Cache.RemoveByTagAsync("other");
        foreach (var kind in kinds)
        {
            kind.MeasureHits(isWarmUp);
        }

        foreach (var kind in kinds)
        {
            await kind.MeasureFarHitsAsync(isWarmUp);
            await kind.MeasureSetsAsync(isWarmUp);
        }
    }
}
