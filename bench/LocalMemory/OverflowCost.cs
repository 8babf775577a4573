using Larder.Local;
using Larder.Overflow;

namespace LocalMemory;

/// <summary>What an entry takes in memory whose value is on the disk, beyond its key.</summary>
internal static class OverflowCost
{
    public static void Measure(int entries)
    {
        var keys = Enumerable.Range(0, entries).Select(Keys.Of).ToArray();
        var path = Directory.CreateTempSubdirectory("larder-overflow-cost-");
        var segment = OverflowDirectory.Open(path.FullName, "bench").Create();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new OverflowIndex();
        var queue = new OverflowQueue(long.MaxValue);
        for (var i = 0; i < entries; i++)
        {
            var entry = new SharedEntry<object>(keys[i], keys, 0, EntryCost.Expiring(i));
            index.Add(entry, queue);
            queue.TryTake(out var record);
            queue.Release(1, entry.Size);
            index.Place(record!, segment, i, 1);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine($"| {"expiring, on the disk",-22} | {index.Count,9:N0} | {(double)(after - before) / index.Count,14:0.0} |");
        GC.KeepAlive(keys);
        GC.KeepAlive(index);
        segment.Dispose();
        path.Delete();
    }
}
