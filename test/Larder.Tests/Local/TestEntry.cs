using Larder.Local;
using Microsoft.Extensions.Caching.Memory;

namespace Larder.Tests.Local;

/// <summary>An entry of L1 with nothing but a key, a size and a deadline.</summary>
internal sealed class TestEntry(string key, long size = 0, CacheItemPriority priority = CacheItemPriority.Normal)
    : LocalEntry(key, size, priority);

/// <summary>Adds entries by the hash of their key.</summary>
internal static class TestEntryExtensions
{
    public static void Add_NeedsLock(this EntryTable table, LocalEntry entry) => table.Add_NeedsLock(entry, KeyHash.Of(entry.Key));

    public static void Add(this EvictionOrder order, LocalEntry entry) => order.Add(entry, KeyHash.Of(entry.Key));
}
