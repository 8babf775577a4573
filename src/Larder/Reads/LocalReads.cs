using Larder.Local;
using Larder.Tags;

namespace Larder.Reads;

/// <summary>
/// Reads of L1. A hit passes a handful of comparisons: not expired, trusted, and no tag changed since it was last checked.
/// </summary>
internal sealed class LocalReads(CacheNode node)
{
    private readonly LocalCache _local = node.Local.Local;

    /// <summary>Finds an entry that may be served.</summary>
    public CachedEntry? Find(string key, long now) =>
        _local.TryGet(key, out var entry) && IsServable((CachedEntry)entry, now) ? (CachedEntry)entry : null;

    /// <summary>Finds an entry that may be served, without making a string of its key.</summary>
    public CachedEntry? Find(ReadOnlySpan<char> key, long now) =>
        _local.TryGet(key, out var entry) && IsServable((CachedEntry)entry, now) ? (CachedEntry)entry : null;

    /// <summary>The value of an entry, as a caller gets it; false if the entry is not of the type, and so a miss.</summary>
    public bool TryTake<T>(CachedEntry entry, long now, out T value)
    {
        if (entry is SharedEntry<T> shared)
        {
            value = shared.Value;
        }
        else if (!TryCopy(entry, out value))
        {
            return false;
        }

        if (entry.Sliding != 0)
        {
            entry.Read(now);
            node.Touches?.Enqueue(entry, now);
        }

        return true;
    }

    private bool IsServable(CachedEntry entry, long now)
    {
        if (now >= entry.ExpiresAt || (entry.Epoch != CachedEntry.Detached && !node.Trust.Covers(entry.Epoch, now)))
        {
            return false;
        }

        var revision = node.Tags.Revision;
        return entry.CheckedAt == revision || Recheck(entry, revision);
    }

    private bool Recheck(CachedEntry entry, long revision)
    {
        // What was made while L2 was down can't be judged by a clock that has moved since.
        if (entry.Epoch == CachedEntry.Detached || node.Tags.Check(entry.Stamp, entry.Tags) != TagVerdict.Valid)
        {
            return false;
        }

        entry.CheckedAt = revision;
        return true;
    }

    private bool TryCopy<T>(CachedEntry entry, out T value)
    {
        if (entry is PayloadEntry<T> { Payload: var payload })
        {
            try
            {
                value = node.Serializers.CodecFor<T>().Decode(payload);
                return true;
            }
            catch (Exception fault)
            {
                Log.CannotDeserialize(node.Log, typeof(T), fault);
            }
        }

        value = default!;
        return false;
    }
}
