using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
namespace Larder.Local;
internal sealed class LocalCache(LocalOptions options)
{
    private readonly ConcurrentDictionary<string, LocalEntry> _map = new(StringComparer.Ordinal);
    public int Limit => options.MaximumEntries;
    public bool TryGet(string key, [NotNullWhen(true)] out LocalEntry? entry) => _map.TryGetValue(key, out entry);
    public bool TryGet(ReadOnlySpan<char> key, [NotNullWhen(true)] out LocalEntry? entry) => _map.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out entry);
    public void Set(LocalEntry entry) => _map[entry.Key] = entry;
    public bool Remove(string key) => _map.TryRemove(key, out _);
    public void Clear() => _map.Clear();
}
