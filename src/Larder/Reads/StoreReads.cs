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
    /// <param name="request">What is read.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask<StoreAnswer<T>> ReadAsync<T>(StoreLine line, ReadRequest request, CancellationToken cancellationToken) =>
        await AnswerAsync<T>(line, request, await SendAsync(line, request.Key, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>The first half of <see cref="ReadAsync"/>: what L2 has.</summary>
    public ValueTask<StoreEntry?> SendAsync(StoreLine line, string key, CancellationToken cancellationToken) =>
        node.Underway.On(key) is { } change
            ? ArriveAndSendAsync(line, key, change, cancellationToken)
            : line.BoundAsync(StoreOperation.Read, line.Store.ReadAsync(key, cancellationToken), cancellationToken);

    /// <summary>The second half: what comes of it, at once unless the tag clock has to be asked.</summary>
    public ValueTask<StoreAnswer<T>> AnswerAsync<T>(StoreLine line, ReadRequest request, StoreEntry? read, CancellationToken cancellationToken)
    {
        if (read is null)
        {
            return new(StoreAnswer<T>.Missing);
        }

        try
        {
            // While the feed doesn't arrive, the tag clock is asked after each read.
            return IsOpen(read, node.Trust.IsTrusted(node.Clock.Now))
                ? SettleAndInterpretAsync<T>(line, request, read, cancellationToken)
                : new(Interpret<T>(line, request, read));
        }
        catch (Exception fault)
        {
            return ValueTask.FromException<StoreAnswer<T>>(fault);
        }
    }

    private async ValueTask<StoreEntry?> ArriveAndSendAsync(StoreLine line, string key, Task change, CancellationToken cancellationToken)
    {
        await ArriveAsync(key, change, cancellationToken).ConfigureAwait(false);
        return await line.BoundAsync(StoreOperation.Read, line.Store.ReadAsync(key, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<StoreAnswer<T>> SettleAndInterpretAsync<T>(StoreLine line, ReadRequest request, StoreEntry read, CancellationToken cancellationToken)
    {
        await SettleAsync(line, read, cancellationToken).ConfigureAwait(false);
        return Interpret<T>(line, request, read);
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
        foreach (var key in keys)
        {
            if (node.Underway.On(key) is { } change)
            {
                await ArriveAsync(key, change, cancellationToken).ConfigureAwait(false);
            }
        }

        var reads = await line.BoundAsync(StoreOperation.Read, line.Store.ReadManyAsync(keys, cancellationToken), cancellationToken).ConfigureAwait(false);
        var isTrusted = node.Trust.IsTrusted(node.Clock.Now);
        var open = reads.OfType<StoreEntry>().Where(read => IsOpen(read, isTrusted)).ToArray();
        if (open.Length > 0)
        {
            string[] tags = [.. open.SelectMany(static read => read.Tags ?? []).Distinct(StringComparer.Ordinal)];
            await LearnTagsAsync(line, tags, cancellationToken).ConfigureAwait(false);
        }

        var answers = new StoreAnswer<T>[keys.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            if (reads[i] is not { } read)
            {
                answers[i] = StoreAnswer<T>.Missing;
                continue;
            }

            if (IsOpen(read, isTrusted: true))
            {
                await SettleAsync(line, read, cancellationToken).ConfigureAwait(false);
            }

            answers[i] = Interpret<T>(line, requests[i], read);
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
            if (node.LearnTags(reading, asked, asOf))
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

    // What this node has invalidated in the background is in L2 as it was before, until it arrives. A read that is sent now would
    // wait behind it on most connections anyhow, and waits for no longer than for a read.
    private async ValueTask ArriveAsync(string key, Task change, CancellationToken cancellationToken)
    {
        var until = MonotonicClock.After(node.Clock.Now, node.Options.TimeoutOf(StoreOperation.Read));
        for (var next = change; next is not null; next = node.Underway.On(key))
        {
            var left = MonotonicClock.Until(until, node.Clock.Now) ?? Timeout.InfiniteTimeSpan;
            await next.WaitAsync(left, node.Clock.Provider, cancellationToken).ConfigureAwait(false);
        }

        if (node.Undelivered.CoversKey(key))
        {
            throw new StoreUnavailableException("L2 did not get an invalidation of the key, and is not to be read before it does.");
        }
    }

    // Whether the tag clock has to be asked first: what is damaged, or covered by an invalidation of this node, is invalid anyhow.
    private bool IsOpen(StoreEntry read, bool isTrusted) =>
        !read.IsDamaged && !node.Undelivered.CoversTags(read.Tags) && (!isTrusted || Check(read) == TagVerdict.Unknown);

    private async ValueTask SettleAsync(StoreLine line, StoreEntry read, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaximumAttempts; attempt++)
        {
            await LearnTagsAsync(line, read.Tags, cancellationToken).ConfigureAwait(false);
            if (Check(read) != TagVerdict.Unknown)
            {
                return;
            }
        }
    }

    private StoreAnswer<T> Interpret<T>(StoreLine line, in ReadRequest request, StoreEntry read)
    {
        using var owner = read.PayloadOwner;
        var revision = node.Tags.Revision;
        if (read.IsDamaged)
        {
            Log.Damaged(node.Log, typeof(T));
            return new(StoreState.Unreadable);
        }

        var verdict = node.Undelivered.CoversTags(read.Tags) ? TagVerdict.Invalid : Check(read);
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

        var isShared = Entries.IsShared(value, request.Policy);
        if (owner is not null && !isShared)
        {
            // Copies are made of it later; what was lent goes back now.
            payload = payload.ToArray();
        }

        var entry = node.Make(request.Key, value, payload, Facts(request, read, revision));
        if (read.SlidingExpiration is not null && !read.IsExpired)
        {
            // A read counts: the caller does not wait for it.
            _ = TouchAsync(line, request.Key).AsTask();
        }

        // Who has no fail-safe gets no expired value, not even while the origin is to be left alone.
        var isServed = !read.IsExpired || (request.Policy.TakesExpired && entry.RetryAt > node.Clock.Now);
        return new(isServed ? StoreState.Hit : StoreState.Expired, value, entry, isShared ? default : payload, read.Version) { IsExpiredByTag = isExpiredByTag };
    }

    private EntryFacts Facts(in ReadRequest request, StoreEntry read, long revision)
    {
        var now = node.Clock.Now;
        return new EntryFacts(request.Policy, request.Mark, now)
        {
            TagRevision = revision,
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

    private TagVerdict Check(StoreEntry read) =>
        read.Version is null ? node.Tags.CheckUnstamped() : node.Tags.Check(read.Stamp, read.Tags);
}
