using System.Globalization;
using Larder.Stores;

namespace Larder.Testing.Memory;

/// <summary>
/// A server of Larder's protocol in the memory of the process: the steps of the Redis scripts, each atomic. It is for
/// tests that need every schedule under control, which a real server does not give; the conformance suite holds it to
/// what the real ones do.
/// </summary>
public sealed class MemoryServer(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TagRecord> _tags = new(StringComparer.Ordinal);
    private readonly List<(MemoryStore Store, IFeedObserver Observer)> _subscribers = [];

    /// <summary>Empties it, as FLUSHALL would.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _entries.Clear();
            _tags.Clear();
        }
    }

    internal long Now => time.GetUtcNow().UtcTicks;

    internal T Run<T>(Func<T> step)
    {
        lock (_gate)
        {
            return step();
        }
    }

    internal void Subscribe(MemoryStore store, IFeedObserver observer) => Run(() =>
    {
        _subscribers.RemoveAll(known => known.Store == store);
        _subscribers.Add((store, observer));
        return true;
    });

    internal void Unsubscribe(MemoryStore store) => Run(() => _subscribers.RemoveAll(known => known.Store == store));

    internal void Publish(string prefix, in FeedMessage message)
    {
        foreach (var (store, observer) in _subscribers)
        {
            if (store.Prefix == prefix)
            {
                observer.OnMessage(message);
            }
        }
    }

    internal void Echo(MemoryStore store, long number) => _subscribers.Find(known => known.Store == store).Observer?.OnEcho(number);

    internal MemoryEntry? Find(string key)
    {
        if (_entries.TryGetValue(key, out var entry) && entry.GoneAt <= Now)
        {
            _entries.Remove(key);
            return null;
        }

        return entry;
    }

    internal void Put(string key, MemoryEntry entry) => _entries[key] = entry;

    internal void Delete(string key) => _entries.Remove(key);

    internal TagRecord TagsOf(string prefix)
    {
        if (!_tags.TryGetValue(prefix, out var tags))
        {
            tags = _tags[prefix] = new TagRecord(Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        }

        return tags;
    }
}

/// <summary>What the server keeps under a key: a value, a lease, or both.</summary>
internal sealed class MemoryEntry
{
    /// <summary>When it disappears, in ticks of the server's clock.</summary>
    public long GoneAt { get; set; } = long.MaxValue;

    public StoreWrite? Written { get; init; }

    public string Version { get; init; } = "";

    public long WrittenAt { get; init; }

    public long? Deadline { get; init; }

    /// <summary>When an entry that is kept past its expiration has expired; <see langword="null"/> for any other.</summary>
    public long? ExpiresAt { get; set; }

    /// <summary>Until when an expired entry is served without another attempt.</summary>
    public long RetryAt { get; set; }

    public string? Lease { get; set; }

    public long LeaseUntil { get; set; }
}

/// <summary>The tag clock of one prefix.</summary>
internal sealed class TagRecord(string generation)
{
    public long Clock { get; set; }

    public Dictionary<string, long> Numbers { get; } = new(StringComparer.Ordinal);

    public TagStamp Now => new(generation, Clock);
}
