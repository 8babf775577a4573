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
        if (await line.BoundAsync(line.Store.ReadAsync(key, cancellationToken), cancellationToken).ConfigureAwait(false) is not { } read)
        {
            return new(StoreState.Missing);
        }

        var revision = node.Tags.Revision;
        if (!await IsValidAsync(line, read, cancellationToken).ConfigureAwait(false))
        {
            return new(StoreState.Invalid, InvalidVersion: read.Version);
        }

        if (!node.Packing.TryUnpack(key, read.Payload, out var payload, out var reason))
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

        var now = node.Clock.Now;
        var facts = new EntryFacts(policy with { SlidingExpiration = read.SlidingExpiration }, mark with { TagRevision = revision }, now)
        {
            ExpiresIn = read.ExpiresIn,
            Stamp = read.Version is null ? mark.Stamp : read.Stamp,
            Tags = read.Tags,
            WrittenAt = read.Age is { } age ? now - (long)age.TotalMilliseconds : null,
        };
        var entry = node.Make(key, value, payload, facts);
        if (read.SlidingExpiration is not null)
        {
            _ = TouchAsync(line, key);
        }

        return new(StoreState.Hit, value, entry, payload);
    }

    /// <summary>Reads the tag clock, the number of Clear and those of <paramref name="tags"/>, and learns them.</summary>
    public async ValueTask LearnTagsAsync(StoreLine line, string[]? tags, CancellationToken cancellationToken)
    {
        string[] asked = [TagClock.All, .. tags ?? []];
        for (var attempt = 0; attempt < MaximumAttempts; attempt++)
        {
            var asOf = node.Tags.Forgets;
            var reading = await line.BoundAsync(line.Store.ReadTagsAsync(asked, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (node.Tags.Learn(reading, asked, asOf))
            {
                return;
            }
        }

        // The feed comes and goes: nothing is known, so nothing of L2 is believed.
        node.Tags.Forget();
    }

    private async ValueTask<bool> IsValidAsync(StoreLine line, StoreEntry read, CancellationToken cancellationToken)
    {
        if (node.Undelivered.CoversTags(read.Tags))
        {
            return false;
        }

        var verdict = node.Trust.IsTrusted(node.Clock.Now) ? Check(read) : TagVerdict.Unknown;
        for (var attempt = 0; verdict == TagVerdict.Unknown && attempt < MaximumAttempts; attempt++)
        {
            await LearnTagsAsync(line, read.Tags, cancellationToken).ConfigureAwait(false);
            verdict = Check(read);
        }

        return verdict == TagVerdict.Valid;
    }

    private TagVerdict Check(StoreEntry read) =>
        read.Version is null ? node.Tags.CheckUnstamped() : node.Tags.Check(read.Stamp, read.Tags);

    // A read counts: the caller does not wait for it.
    private async Task TouchAsync(StoreLine line, string key)
    {
        try
        {
            await line.BoundAsync(line.Store.TouchAsync(key, TimeSpan.Zero, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Log.StoreFault(node.Log, "touch", fault);
        }
    }
}
