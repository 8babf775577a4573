using Larder.Local;
using Microsoft.Extensions.Caching.Memory;

namespace Larder.Tests.Local;

/// <summary>An entry of L1 with nothing but a key, a size and a deadline.</summary>
internal sealed class TestEntry(string key, long size = 0, CacheItemPriority priority = CacheItemPriority.Normal)
    : LocalEntry(key, size, priority);
