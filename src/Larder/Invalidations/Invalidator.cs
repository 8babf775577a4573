using Larder.Policies;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Invalidations;

/// <summary>
/// This node's own invalidations. Each bumps the fence before L2 is told, so that nothing older is stored meanwhile, and
/// again after it, before the call returns: a load that began in between may have read what is now old, and a reader that
/// comes after the call must not join it.
/// </summary>
internal sealed class Invalidator(CacheNode node, StoreReads reads)
{
    public async ValueTask RemoveAsync(IReadOnlyCollection<string> keys)
    {
        InvalidateAll(keys);
        if (node.Line is { } line)
        {
            await DeliverAsync(
                keys,
                static async (line, keys) => await line.BoundAsync(line.Store.RemoveAsync(keys, CancellationToken.None)).ConfigureAwait(false),
                line).ConfigureAwait(false);
        }

        InvalidateAll(keys);
    }

    public async ValueTask SetAsync<T>(string key, T value, EntryPolicy policy, string[]? tags)
    {
        var payload = Encode(key, value, policy, out var isCached);
        if (!isCached)
        {
            // The caller's value is newer than what is cached, whether it can be cached or not.
            await RemoveAsync([key]).ConfigureAwait(false);
            return;
        }

        var line = policy.Has(HybridCacheEntryFlags.DisableDistributedCacheWrite) ? null : node.Line;
        var packed = line is null ? default : node.Pack(key, payload!.Value, policy); // throws before anything has happened
        node.Local.Invalidate(key);
        var mark = node.Local.Capture(key);
        var isDelivered = true;
        if (line is not null)
        {
            isDelivered = await DeliverAsync([key], (line, _) => WriteAsync(line, key, packed, policy, tags), line).ConfigureAwait(false);
        }

        var entry = policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite)
            ? null
            : node.Make(key, value, payload, new EntryFacts(policy, mark, node.Clock.Now)
            {
                Tags = tags,
                Epoch = isDelivered ? mark.Epoch : Local.CachedEntry.Detached,
            });
        node.Local.InvalidateAndStore(key, entry, mark);
    }

    public async ValueTask InvalidateTagsAsync(string[] tags)
    {
        if (tags.Length == 0)
        {
            return;
        }

        if (node.Line is not { } line)
        {
            node.Tags.Advance(tags);
            return;
        }

        try
        {
            await InvalidateTagsAsync(line, tags).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // Without a number from L2, which of the entries are older is unknown: all of L1 goes.
            node.Local.InvalidateAll();
            OnUndelivered(() => node.Undelivered.AddTags(tags, fault), tags.Length, fault);
            node.Local.InvalidateAll();
        }
    }

    /// <summary>Delivers what could not be delivered before.</summary>
    public async Task RetryAsync(StoreLine line)
    {
        if (node.Undelivered.Count == 0)
        {
            return;
        }

        await node.Undelivered.RetryAsync(
            async keys => await line.BoundAsync(line.Store.RemoveAsync(keys, CancellationToken.None)).ConfigureAwait(false),
            async tags => await InvalidateTagsAsync(line, tags).ConfigureAwait(false)).ConfigureAwait(false);
        if (node.Undelivered.Count == 0)
        {
            Log.Delivered(node.Log);
        }
    }

    private async ValueTask InvalidateTagsAsync(StoreLine line, string[] tags)
    {
        var asOf = node.Tags.Forgets;
        var reading = await line.BoundAsync(line.Store.InvalidateTagsAsync(tags, CancellationToken.None)).ConfigureAwait(false);
        if (!node.Tags.Learn(reading, tags, asOf))
        {
            // A reader that comes after this call must not go by what was known before it.
            node.Tags.Forget();
        }
    }

    private async ValueTask WriteAsync(StoreLine line, string key, ReadOnlyMemory<byte> payload, EntryPolicy policy, string[]? tags)
    {
        if (node.Tags.Now.Generation is null)
        {
            await reads.LearnTagsAsync(line, null, CancellationToken.None).ConfigureAwait(false);
        }

        var write = new StoreWrite
        {
            Payload = payload,
            Expiration = policy.Expiration,
            SlidingExpiration = policy.SlidingExpiration,
            Stamp = node.Tags.Now,
            Tags = tags,
        };
        await line.BoundAsync(line.Store.SetAsync(key, write, CancellationToken.None)).ConfigureAwait(false);
    }

    private async ValueTask<bool> DeliverAsync(
        IReadOnlyCollection<string> keys, Func<StoreLine, IReadOnlyCollection<string>, ValueTask> deliver, StoreLine line)
    {
        try
        {
            await deliver(line, keys).ConfigureAwait(false);
            node.Undelivered.Delivered(keys);
            return true;
        }
        catch (Exception fault)
        {
            OnUndelivered(() => node.Undelivered.AddKeys(keys, fault), keys.Count, fault);
            return false;
        }
    }

    private void OnUndelivered(Action queue, int count, Exception fault)
    {
        if (node.Options.ThrowOnUndelivered)
        {
            throw new CacheUndeliveredException($"{count} invalidation(s) did not reach L2 ({node.Line!.Store.Description}).", fault);
        }

        queue();
        Log.Undelivered(node.Log, count, fault.GetBaseException().Message);
    }

    private void InvalidateAll(IReadOnlyCollection<string> keys)
    {
        foreach (var key in keys)
        {
            node.Local.Invalidate(key);
        }
    }

    private ReadOnlyMemory<byte>? Encode<T>(string key, T value, EntryPolicy policy, out bool isCached)
    {
        isCached = value is not null || policy.CacheNull;
        var toStore = node.Line is not null && !policy.Has(HybridCacheEntryFlags.DisableDistributedCacheWrite);
        if (!isCached || (!toStore && Entries.IsShared(value, policy)))
        {
            return null;
        }

        // A caller that sets a value is told that it can't be serialized; nothing has happened yet.
        var payload = node.Serializers.CodecFor<T>().Encode(value);
        if (node.Options.MaximumPayloadBytes is { } limit && payload.Length > limit)
        {
            Log.TooLarge(node.Log, payload.Length, limit);
            isCached = false;
        }

        return payload;
    }
}
