using Larder;
using Larder.Local;
using Larder.Stores;

namespace LocalMemory;

/// <summary>What an entry takes beyond its key and its value, measured by the heap's growth.</summary>
internal static class EntryCost
{
    public static void Measure(int entries, string name, Func<int, EntryTerms> termsOf)
    {
        var keys = Enumerable.Range(0, entries).Select(Keys.Of).ToArray();
        var values = keys.Select(_ => new object()).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var cache = new LocalCache(new LocalOptions { MaximumEntries = entries, MaximumBytes = long.MaxValue });
        for (var i = 0; i < entries; i++)
        {
            var entry = new SharedEntry<object>(keys[i], values[i], 0, termsOf(i));
            entry.Read(now: 0);
            cache.Set(entry);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine($"| {name,-22} | {cache.Count,9:N0} | {(double)(after - before) / cache.Count,14:0.0} |");
        GC.KeepAlive(keys);
        GC.KeepAlive(values);
        GC.KeepAlive(cache);
    }

    public static EntryTerms Expiring(int number) => new()
    {
        Epoch = 1,
        Stamp = new TagStamp("generation", 7),
        Deadline = 300_000 + number,
        LocalDeadline = 300_000 + number,
        WrittenAt = number,
    };

    public static EntryTerms Tagged(int number) => Expiring(number) with { Tags = OneTag };

    public static EntryTerms Sliding(int number) => Expiring(number) with { Sliding = 60_000 };

    private static readonly string[] OneTag = ["users"];
}
