using System.Runtime.CompilerServices;
using Larder.Diagnostics;
using Larder.Feed;
using Larder.Local;
using Larder.Tags;

namespace Larder.Reads;

/// <summary>
/// Reads of L1. A hit passes a handful of comparisons: not expired, trusted, and no tag changed since it was last checked.
/// </summary>
internal sealed class LocalReads(CacheNode node)
{
    private readonly LocalCache _local = node.Local.Local;
    private readonly Trust _trust = node.Trust;
    private readonly TagClock _tags = node.Tags;

    /// <summary>Finds an entry that may be served.</summary>
    // All that it calls is inlined here, and this is not where it is called: it would leave those methods no registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public CachedEntry? Find(ReadOnlySpan<char> key, long now)
    {
        // A cache has no other entries, and a cast costs as much as all that is asked here.
        var entry = Unsafe.As<CachedEntry>(_local.Get(key));
        return entry is not null && IsServable(entry, now) ? entry : null;
    }

    /// <summary>Finds a value, as the answer to a call without a factory.</summary>
    public bool TryFind<T>(string key, out CacheResult<T> found)
    {
        var now = node.Clock.Now;
        if (Find(key, now) is { } entry && TryTake(entry, now, out T value))
        {
            node.Count(entry, RequestResult.L1Hit);
            found = Lookups.Result(value, entry, CacheLevel.L1, now);
            return true;
        }

        found = default;
        return false;
    }

    /// <summary>
    /// Finds what fail-safe may fall back to: an entry that has expired, or is about to, and that nobody has invalidated.
    /// </summary>
    public Fallback<T>? FindFallback<T>(string key)
    {
        var mark = node.Local.Capture(key);
        var now = mark.At;
        return _local.TryGet(key, out var found) && found is CachedEntry entry && entry.KeptUntil > now
            && _trust.Covers(entry.Epoch, now) && IsUnremoved(entry, _tags.Revision)
            && TryCopy(entry, out T value)
            ? new(value, (entry as PayloadEntry<T>)?.Payload, entry, mark)
            : null;
    }

    /// <summary>Finds an expired value that is served for a while without another attempt at the origin.</summary>
    public Fallback<T>? FindThrottled<T>(string key) =>
        FindFallback<T>(key) is { } found && found.Entry.RetryAt > found.Mark.At && IsLeftAlone(found.Entry) ? found : null;

    /// <summary>What L1 has under a key, whether it may be served or not.</summary>
    public CachedEntry? Peek(string key) => Peek(key, KeyHash.Of(key));

    /// <summary>As the other overload, by the key's <see cref="KeyHash"/>.</summary>
    public CachedEntry? Peek(string key, ulong hash) => Unsafe.As<CachedEntry?>(_local.Peek(key, hash));

    /// <summary>Why an entry is no hit; <see cref="MissReason.None"/> if it is one.</summary>
    public MissReason WhyNot(CachedEntry? entry, long now) => entry switch
    {
        null => MissReason.NotThere,
        _ when now >= entry.ExpiresAt => MissReason.Expired,
        _ when entry.Epoch != CachedEntry.Detached && !_trust.Covers(entry.Epoch, now) => MissReason.NotTrusted,
        _ when !IsUntagged(entry, _tags.Revision) => IsUnremoved(entry, _tags.Revision) ? MissReason.Expired : MissReason.Tagged,
        _ => MissReason.None,
    };

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

        if (!entry.IsFixed)
        {
            NoteRead(entry, now);
        }

        return true;
    }

    private bool IsServable(CachedEntry entry, long now)
    {
        if (now >= entry.ExpiresAt || (entry.Epoch != CachedEntry.Detached && !_trust.Covers(entry.Epoch, now)))
        {
            return false;
        }

        return IsUntagged(entry, _tags.Revision);
    }

    private void NoteRead(CachedEntry entry, long now)
    {
        if (entry.Sliding != 0)
        {
            entry.Read(now);
            node.Touches?.Enqueue(entry, now);
        }
    }

    private bool IsUntagged(CachedEntry entry, long revision) => entry.CheckedAt == revision || Recheck(entry, revision);

    private bool Recheck(CachedEntry entry, long revision)
    {
        // What was made while L2 was down can't be judged by a clock that has moved since.
        if (entry.Epoch == CachedEntry.Detached || _tags.Check(entry.Stamp, entry.Tags) != TagVerdict.Valid)
        {
            return false;
        }

        entry.CheckedAt = revision;
        return true;
    }

    // What was expired by a tag stays for fail-safe.
    private bool IsUnremoved(CachedEntry entry, long revision) =>
        IsUntagged(entry, revision)
        || (entry.Epoch != CachedEntry.Detached && _tags.Check(entry.Stamp, entry.Tags) == TagVerdict.Expired);

    // Who expires a tag wants the origin to be asked once more, also where it has failed just now.
    private bool IsLeftAlone(CachedEntry entry) =>
        entry.CheckedAt == _tags.Revision || _tags.Check(entry.Stamp with { Number = entry.RetryNumber }, entry.Tags) == TagVerdict.Valid;

    // As a caller gets it. Fail-safe goes by this alone: a look at what has expired does not keep it alive.
    private bool TryCopy<T>(CachedEntry entry, out T value)
    {
        if (entry is SharedEntry<T> shared)
        {
            value = shared.Value;
            return true;
        }

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
