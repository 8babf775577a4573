using System.Collections.Concurrent;

namespace Larder.Recovery;

/// <summary>
/// The invalidations that could not reach L2. Each is kept, the last one of a key standing for all, until a retry delivers
/// it; until then this node's reads of the key skip L2. A Set that could not reach L2 is delivered as a Remove: no reader
/// ever gets an older value by it, one of them computes the value again.
/// </summary>
internal sealed class Undelivered(MonotonicClock clock)
{
    /// <summary>How many are kept; past it an invalidation throws, none is ever dropped.</summary>
    public const int Limit = 100_000;

    private readonly Queue _keys = new();
    private readonly Queue _tags = new();
    private long _last;

    public int Count => _keys.Count + _tags.Count;

    /// <summary>How long the oldest has waited; <see langword="null"/> if there is none.</summary>
    public TimeSpan? OldestAge => _keys.ToArray().Concat(_tags.ToArray()).Select(pair => (long?)pair.Value.Since).Min() is { } since
        ? TimeSpan.FromMilliseconds(clock.Now - since)
        : null;

    public bool CoversKey(string key) => _keys.Contains(key);

    public bool CoversTags(string[]? tags) =>
        _tags.Count > 0 && (_tags.Contains(Tags.TagClock.All) || (tags is not null && Array.Exists(tags, _tags.Contains)));

    public void AddKeys(IReadOnlyCollection<string> keys, Exception cause)
    {
        CheckRoom(keys.Count, cause);
        Add(_keys, keys);
    }

    public void AddTags(IReadOnlyCollection<string> tags, Exception cause)
    {
        CheckRoom(tags.Count, cause);
        Add(_tags, tags);
    }

    /// <summary>Whether so many more have room: whoever can't be told later has to ask first.</summary>
    public bool HasRoomFor(int count) => Count + count <= Limit;

    /// <summary>
    /// Adds what was begun in the background while there was room, whether there still is or not: nobody can be told. No more
    /// than <see cref="Underway.Limit"/> come past the limit so.
    /// </summary>
    public void AddBegunKeys(IReadOnlyCollection<string> keys) => Add(_keys, keys);

    /// <summary>A later invalidation of the keys was delivered, and stands for what was queued.</summary>
    public void Delivered(IReadOnlyCollection<string> keys)
    {
        if (_keys.Count > 0)
        {
            foreach (var key in keys)
            {
                _keys.Remove(key);
            }
        }
    }

    /// <summary>Delivers what is queued; what is queued anew meanwhile stays.</summary>
    public async Task RetryAsync(Func<string[], Task> removeKeys, Func<string[], Task> invalidateTags)
    {
        await RetryAsync(_tags, invalidateTags).ConfigureAwait(false);
        await RetryAsync(_keys, removeKeys).ConfigureAwait(false);
    }

    private static async Task RetryAsync(Queue queue, Func<string[], Task> deliver)
    {
        foreach (var batch in queue.ToArray().OrderBy(pair => pair.Value.Order).Chunk(500))
        {
            await deliver([.. batch.Select(pair => pair.Key)]).ConfigureAwait(false);
            foreach (var pair in batch)
            {
                queue.Remove(pair);
            }
        }
    }

    private void CheckRoom(int count, Exception cause)
    {
        if (!HasRoomFor(count))
        {
            throw new CacheUndeliveredException(
                $"An invalidation did not reach L2, and {Limit} others are waiting already: it was not queued.", cause);
        }
    }

    private void Add(Queue queue, IReadOnlyCollection<string> subjects)
    {
        foreach (var subject in subjects)
        {
            queue.Add(subject, new(Interlocked.Increment(ref _last), clock.Now));
        }
    }

    /// <param name="Order">The place in the queue.</param>
    /// <param name="Since">When the first of those that it stands for was queued.</param>
    private readonly record struct Pending(long Order, long Since);

    /// <summary>
    /// Those of keys, or of tags. Every read of L2 asks for some, and there are none mostly: it takes no lock to see that, where
    /// ConcurrentDictionary takes all of its own.
    /// </summary>
    private sealed class Queue
    {
        private readonly Lock _gate = new();
        private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool Contains(string subject) => Count > 0 && _pending.ContainsKey(subject);

        public KeyValuePair<string, Pending>[] ToArray() => _pending.ToArray();

        public void Add(string subject, Pending pending) => Change(() => _pending.AddOrUpdate(
            subject, static (_, added) => added, static (_, waiting, added) => waiting with { Order = added.Order }, pending));

        public void Remove(string subject) => Change(() => _pending.TryRemove(subject, out _));

        /// <summary>Removes one, unless it was added anew.</summary>
        public void Remove(KeyValuePair<string, Pending> pair) => Change(() => _pending.TryRemove(pair));

        private void Change(Action change)
        {
            lock (_gate)
            {
                change();
                Volatile.Write(ref _count, _pending.Count);
            }
        }
    }
}
