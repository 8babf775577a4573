using Larder;
using Larder.Local;

namespace LocalMemory;

/// <summary>
/// Eight writers with values of all sizes: how many bytes the cache holds at most by its own count, looked at all the time,
/// and by the heap, looked at while the writers stand still.
/// </summary>
internal static class ByteBound
{
    private const int Writers = 8;
    private const int Rounds = 10;
    private const int RoundMilliseconds = 2000;
    private const int KeysUsed = 200_000;
    private const long Bound = 64L << 20;

    public static void Measure()
    {
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        var cache = new LocalCache(new LocalOptions { MaximumBytes = Bound, MaximumEntries = 100_000_000 });
        var (writes, mostCounted, mostInHeap) = (0L, 0L, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var writers = Enumerable.Range(0, Writers).Select(number => new Thread(() => Interlocked.Add(ref writes, Write(cache, number)))).ToArray();
            Array.ForEach(writers, writer => writer.Start());
            while (writers.Any(writer => writer.IsAlive))
            {
                mostCounted = Math.Max(mostCounted, cache.Bytes);
            }

            mostInHeap = Math.Max(mostInHeap, GC.GetTotalMemory(forceFullCollection: true) - empty);
        }

        Console.WriteLine($"{Writers} writers, {writes:N0} stores and as many removals in {Rounds * RoundMilliseconds / 1000} s, bound {Bound:N0} bytes:");
        Console.WriteLine($"most bytes by the cache's count {mostCounted:N0} ({100.0 * mostCounted / Bound:0.0} %), by the heap after a collection {mostInHeap:N0} ({100.0 * mostInHeap / Bound:0.0} %); {cache.Count:N0} entries at the end");
        GC.KeepAlive(cache);
    }

    private static long Write(LocalCache cache, int seed)
    {
        var (random, writes) = (new Random(seed), 0L);
        for (var end = Environment.TickCount64 + RoundMilliseconds; Environment.TickCount64 < end; writes++)
        {
            var value = new byte[random.Next(1, 1 << random.Next(6, 15))];
            cache.Set(new SharedEntry<byte[]>(Keys.Of(random.Next(KeysUsed)), value, value.Length, new EntryTerms()));
            cache.Remove(Keys.Of(random.Next(KeysUsed)));
        }

        return writes;
    }
}
