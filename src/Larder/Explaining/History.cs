using Larder.Local;

namespace Larder.Explaining;

/// <summary>
/// The last miss and the last invalidation of a key or tag, for those who ask why. It is a table of a fixed size: a newer key
/// takes the place of an older one, and what is not there is unknown.
/// </summary>
internal sealed class History(MonotonicClock clock)
{
    private const int Places = 2048;
    private const int Tags = 256;

    private readonly MissNote?[] _misses = new MissNote?[Places];
    private readonly InvalidationNote?[] _invalidations = new InvalidationNote?[Places];
    private readonly Queue<InvalidationNote> _tags = new();

    /// <summary>L1 had no value for a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">The key's <see cref="KeyHash"/>.</param>
    /// <param name="at">When.</param>
    /// <param name="local">Why.</param>
    public void NoteMiss(string key, ulong hash, long at, MissReason local) => _misses[PlaceOf(hash)] = new(key, at, local);

    /// <summary>Neither had L2.</summary>
    public void NoteMissInStore(string key, MissReason reason)
    {
        if (_misses[PlaceOf(key)] is { } note && note.Key == key)
        {
            note.Store = reason;
        }
    }

    /// <summary>A key or tag was invalidated.</summary>
    /// <param name="kind">How.</param>
    /// <param name="subject">The key or the tag.</param>
    /// <param name="node">By which node.</param>
    public void NoteInvalidation(LarderEventKind kind, string subject, string node)
    {
        var note = new InvalidationNote(subject, clock.Now, kind, node);
        _invalidations[PlaceOf(subject)] = note;
        if (kind is LarderEventKind.Tag or LarderEventKind.ExpireTag)
        {
            lock (_tags)
            {
                _tags.Enqueue(note);
                if (_tags.Count > Tags)
                {
                    _tags.Dequeue();
                }
            }
        }
    }

    /// <summary>The last invalidations of tags, the newest first.</summary>
    public InvalidationNote[] LastTags()
    {
        lock (_tags)
        {
            return [.. _tags.Reverse()];
        }
    }

    public MissNote? LastMiss(string key) => _misses[PlaceOf(key)] is { } note && note.Key == key ? note : null;

    /// <summary>The last invalidation of a key, or of a tag.</summary>
    public InvalidationNote? LastInvalidation(string subject, bool isTag) =>
        _invalidations[PlaceOf(subject)] is { } note && note.Subject == subject && note.Kind is LarderEventKind.Tag or LarderEventKind.ExpireTag == isTag ? note : null;

    private static int PlaceOf(string key) => PlaceOf(KeyHash.Of(key));

    private static int PlaceOf(ulong hash) => (int)hash & (Places - 1);
}

/// <summary>A read that was no hit in L1.</summary>
internal sealed class MissNote(string key, long at, MissReason local)
{
    public string Key => key;

    public long At => at;

    public MissReason Local => local;

    public MissReason Store { get; set; }
}

/// <summary>An invalidation that this node made or heard of.</summary>
internal sealed record InvalidationNote(string Subject, long At, LarderEventKind Kind, string Node);
