using Larder.Fences;
using Larder.Policies;
using Larder.Recovery;
using Larder.Stores;
using Larder.Tags;

namespace Larder.Reads;

/// <summary>Reads of L2: one plain read, the tag numbers that this node lacks in one more, and what comes of them.</summary>
internal sealed class StoreReads(CacheNode node)
{
    private const int MaximumAttempts = 8;

    /// <summary>Reads a key.</summary>
    /// <param name="line">The way to L2.</param>
    /// <param name="key">The key.</param>
    /// <param name="mark">Captured before the call.</param>
    /// <param name="policy">The options in force.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask<StoreAnswer<T>> ReadAsync<T>(
        StoreLine line, string key, LoadMark mark, EntryPolicy policy, CancellationToken cancellationToken)
    {
        var read = await line.BoundAsync(StoreOperation.Read, line.Store.ReadAsync(key, cancellationToken), cancellationToken).ConfigureAwait(false);
        return await InterpretAsync<T>(line, new(key, mark, policy), read, areTagsRead: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads several keys in one round trip, and the tag numbers that this node lacks for them in one more.</summary>
    /// <param name="line">The way to L2.</param>
    /// <param name="requests">What is read.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The answers, in the order of the requests.</returns>
    public async ValueTask<StoreAnswer<T>[]> ReadManyAsync<T>(
        StoreLine line, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        string[] keys = [.. requests.Select(static request => request.Key)];
        var reads = await line.BoundAsync(StoreOperation.Read, line.Store.ReadManyAsync(keys, cancellationToken), cancellationToken).ConfigureAwait(false);
        var isTrusted = node.Trust.IsTrusted(node.Clock.Now);
        var asked = reads.OfType<StoreEntry>().Where(read => !isTrusted || Check(read) == TagVerdict.Unknown).ToArray();
        if (asked.Length > 0)
        {
            string[] tags = [.. asked.SelectMany(static read => read.Tags ?? []).Distinct(StringComparer.Ordinal)];
            await LearnTagsAsync(line, tags, cancellationToken).ConfigureAwait(false);
        }

        var answers = new StoreAnswer<T>[keys.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = await InterpretAsync<T>(line, requests[i], reads[i], areTagsRead: true, cancellationToken).ConfigureAwait(false);
        }

        return answers;
    }

    /// <summary>Reads the tag clock, the numbers of Clear and those of <paramref name="tags"/>, and learns them.</summary>
    public async ValueTask LearnTagsAsync(StoreLine line, string[]? tags, CancellationToken cancellationToken)
    {
        string[] named = [TagClock.All, .. tags ?? []];
        string[] asked = [.. named, .. named.Select(ExpiryTag.Of)];
        for (var attempt = 0; attempt < MaximumAttempts; attempt++)
        {
            var asOf = node.Tags.Forgets;
            var reading = await line.BoundAsync(StoreOperation.ReadTags, line.Store.ReadTagsAsync(asked, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (node.Tags.Learn(reading, asked, asOf))
            {
                return;
            }
        }

        // The feed comes and goes: nothing is known, so nothing of L2 is believed.
        node.Tags.Forget();
    }

    /// <summary>Tells L2 that a sliding entry was read.</summary>
    public async ValueTask TouchAsync(StoreLine line, string key)
    {
        try
        {
            await line.BoundAsync(StoreOperation.Touch, line.Store.TouchAsync(key, TimeSpan.Zero, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Log.StoreFault(node.Log, "touch", fault);
        }
    }

    private async ValueTask<StoreAnswer<T>> InterpretAsync<T>(
        StoreLine line, ReadRequest request, StoreEntry? found, bool areTagsRead, CancellationToken cancellationToken)
    {
        if (found is not { } read)
        {
            return StoreAnswer<T>.Missing;
        }

        var revision = node.Tags.Revision;
        if (read.IsDamaged)
        {
            Log.Damaged(node.Log, typeof(T));
            return new(StoreState.Unreadable);
        }

        var verdict = await JudgeAsync(line, read, areTagsRead, cancellationToken).ConfigureAwait(false);
        var isExpiredByTag = verdict == TagVerdict.Expired && read.RetainedFor is not null;
        if (verdict != TagVerdict.Valid && !isExpiredByTag)
        {
            return new(StoreState.Invalid, Version: read.Version);
        }

        if (isExpiredByTag)
        {
            // Also where the origin was to be left alone: that was said before, perhaps.
            read = read with { IsExpired = true, ExpiresIn = TimeSpan.Zero };
        }

        if (!node.Packing.TryUnpack(request.Key, read.Payload, out var payload, out var reason))
        {
            Log.CannotUnpack(node.Log, reason);
            return new(StoreState.Unreadable);
        }

        T value;
        try
        {
            value = node.Serializers.CodecFor<T>().Decode(payload);
        }
        catch (Exception fault)
        {
            Log.CannotDeserialize(node.Log, typeof(T), fault);
            return new(StoreState.Unreadable);
        }

        var entry = node.Make(request.Key, value, payload, Facts(request, read, revision));
        if (read.SlidingExpiration is not null && !read.IsExpired)
        {
            // A read counts: the caller does not wait for it.
            _ = TouchAsync(line, request.Key).AsTask();
        }

        // Who has no fail-safe gets no expired value, not even while the origin is to be left alone.
        var isServed = !read.IsExpired || (request.Policy.TakesExpired && entry.RetryAt > node.Clock.Now);
        return new(isServed ? StoreState.Hit : StoreState.Expired, value, entry, payload, read.Version) { IsExpiredByTag = isExpiredByTag };
    }

    private EntryFacts Facts(in ReadRequest request, in StoreEntry read, long revision)
    {
        var now = node.Clock.Now;
        return new EntryFacts(request.Policy, request.Mark with { TagRevision = revision }, now)
        {
            SlidingExpiration = read.SlidingExpiration,
            ExpiresIn = read.ExpiresIn,
            IsExpired = read.IsExpired,
            Retention = read.IsExpired ? read.RetainedFor : read.RetainedFor - read.ExpiresIn,
            Validators = Local.Validators.Of(read.ETag, read.LastModified),
            Stamp = read.Version is null ? request.Mark.Stamp : read.Stamp,
            Tags = read.Tags,
            WrittenAt = read.Age is { } age ? now - (long)age.TotalMilliseconds : null,
        };
    }

    private async ValueTask<TagVerdict> JudgeAsync(StoreLine line, StoreEntry read, bool areTagsRead, CancellationToken cancellationToken)
    {
        if (node.Undelivered.CoversTags(read.Tags))
        {
            return TagVerdict.Invalid;
        }

        // While the feed doesn't arrive, the tag clock is asked after each read.
        var verdict = areTagsRead || node.Trust.IsTrusted(node.Clock.Now) ? Check(read) : TagVerdict.Unknown;
        for (var attempt = 0; verdict == TagVerdict.Unknown && attempt < MaximumAttempts; attempt++)
        {
            await LearnTagsAsync(line, read.Tags, cancellationToken).ConfigureAwait(false);
            verdict = Check(read);
        }

        return verdict;
    }

    private TagVerdict Check(StoreEntry read) =>
        read.Version is null ? node.Tags.CheckUnstamped() : node.Tags.Check(read.Stamp, read.Tags);
}
