using Larder.Fences;
using Larder.Local;
using Larder.Policies;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;
using Larder.Tags;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Invalidations;

/// <summary>
/// This node's own invalidations. Each bumps the fence before L2 is told, so that nothing older is stored meanwhile, and
/// again after it, before the call returns: a load that began in between may have read what is now old, and a reader that
/// comes after the call must not join it. Without L2 there is no such load, and one bump does. Nor is there one in the
/// background: whoever begins after the bump finds the key on its way (<see cref="Underway"/>), and reads L2 when it has
/// arrived. A Set never goes there: it would bring back what another node has removed meanwhile.
/// </summary>
internal sealed class Invalidator(CacheNode node, StoreReads reads)
{
    /// <summary>Removes keys.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="inBackground">Whether the call returns before L2 knows; <see langword="null"/> for what the options of the keys say.</param>
    public ValueTask RemoveAsync(string[] keys, bool? inBackground = null)
    {
        node.Note(LarderEventKind.Remove, keys);
        if (node.Line is { } line)
        {
            return (inBackground ?? AreForBackground(keys)) && TryInBackground(keys, isExpiry: false, SendRemovalAsync) ? default : RemoveAsync(line, keys);
        }

        InvalidateAll(keys);
        return default;
    }

    /// <summary>Expires keys: what fail-safe may use stays for that, everything else is removed.</summary>
    public ValueTask ExpireAsync(string[] keys)
    {
        node.Note(LarderEventKind.Expire, keys);
        if (node.Line is { } line)
        {
            return AreForBackground(keys) && TryInBackground(keys, isExpiry: true, SendExpiryAsync) ? default : ExpireAsync(line, keys);
        }

        ExpireAll(keys);
        return default;
    }

    /// <summary>Sets a value. One that can't be cached is removed: what the caller has is newer than what is cached.</summary>
    public ValueTask SetAsync<T>(string key, T value, HybridCacheEntryOptions? options, string[]? tags)
    {
        if (node.Line is not null)
        {
            return SetAsync<T>([new(key, value)], options, tags);
        }

        Prepared<T> item;
        try
        {
            item = Prepare(key, value, node.Policies.Compose(key, options).For(value));
        }
        catch (Exception fault)
        {
            return ValueTask.FromException(fault);
        }

        if (!item.IsCached)
        {
            return RemoveAsync([key]);
        }

        node.Note(LarderEventKind.Set, [key]);
        var mark = node.Local.Capture(key);
        node.Local.InvalidateAndStore(key, EntryOf(item, tags, mark, isDelivered: true), mark);
        return default;
    }

    /// <summary>Sets values. Those that can't be cached are removed: what the caller has is newer than what is cached.</summary>
    public async ValueTask SetAsync<T>(KeyValuePair<string, T>[] values, HybridCacheEntryOptions? options, string[]? tags)
    {
        // Everything is serialized before anything happens.
        var items = PrepareAll(values, options);
        if (Array.Exists(items, static item => !item.IsCached))
        {
            await RemoveAsync(
                [.. items.Where(static item => !item.IsCached).Select(static item => item.Key)], inBackground: false).ConfigureAwait(false);
            items = Array.FindAll(items, static item => item.IsCached);
            if (items.Length == 0)
            {
                return;
            }
        }

        var keys = Array.ConvertAll(items, static item => item.Key);
        node.Note(LarderEventKind.Set, keys);
        InvalidateAll(keys);
        var marks = new LoadMark[keys.Length];
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] = node.Local.Capture(keys[i]);
        }

        var isDelivered = node.Line is not { } line || await WriteAsync(line, keys, items, tags).ConfigureAwait(false);
        var own = items.Length == 1 ? null : new FencedLocal.OwnBumps();
        for (var i = 0; i < items.Length; i++)
        {
            var entry = EntryOf(items[i], tags, marks[i], isDelivered || !IsForStore(items[i]));
            node.Local.InvalidateAndStore(items[i].Key, entry, marks[i], own);
        }
    }

    /// <summary>Removes what carries one of the tags.</summary>
    public ValueTask RemoveByTagAsync(string[] tags) => InvalidateTagsAsync(LarderEventKind.Tag, tags, tags);

    /// <summary>Expires what carries one of the tags.</summary>
    public ValueTask ExpireByTagAsync(string[] tags) => InvalidateTagsAsync(LarderEventKind.ExpireTag, tags, Array.ConvertAll(tags, ExpiryTag.Of));

    private async ValueTask RemoveAsync(StoreLine line, string[] keys)
    {
        InvalidateAll(keys);
        await DeliverAsync(keys, SendRemovalAsync, line).ConfigureAwait(false);
        InvalidateAll(keys);
    }

    private async ValueTask ExpireAsync(StoreLine line, string[] keys)
    {
        ExpireAll(keys);

        // What could not be delivered is delivered as a removal, which is more.
        await DeliverAsync(keys, SendExpiryAsync, line).ConfigureAwait(false);
        ExpireAll(keys);
    }

    private async ValueTask InvalidateTagsAsync(LarderEventKind kind, string[] tags, string[] records)
    {
        if (tags.Length == 0)
        {
            return;
        }

        node.Note(kind, tags);
        if (node.Line is not { } line)
        {
            node.Tags.Advance(records);
            return;
        }

        try
        {
            await InvalidateTagsAsync(line, records).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // Without a number from L2, which of the entries are older is unknown: all of L1 goes.
            node.Local.InvalidateAll();
            CheckMayQueue(tags.Length, fault);

            // An expiry is then delivered as a removal, which is more.
            node.Undelivered.AddTags(tags, fault);
            NoteUndelivered(tags.Length, fault);
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
            async keys => await line.BoundAsync(StoreOperation.Remove, line.Store.RemoveAsync(keys, CancellationToken.None)).ConfigureAwait(false),
            async tags => await InvalidateTagsAsync(line, tags).ConfigureAwait(false)).ConfigureAwait(false);
        if (node.Undelivered.Count == 0)
        {
            Log.Delivered(node.Log);
            node.Telemetry.Events.EmitIfWatched(LarderEventKind.Delivered);
        }
    }

    private async ValueTask InvalidateTagsAsync(StoreLine line, string[] tags)
    {
        var asOf = node.Tags.Forgets;
        var reading = await line.BoundAsync(StoreOperation.InvalidateTags, line.Store.InvalidateTagsAsync(tags, CancellationToken.None)).ConfigureAwait(false);
        if (!node.LearnTags(reading, tags, asOf))
        {
            // A reader that comes after this call must not go by what was known before it.
            node.Tags.Forget();
        }
    }

    private ValueTask<bool> WriteAsync<T>(StoreLine line, string[] keys, Prepared<T>[] items, string[]? tags)
    {
        if (!Array.TrueForAll(items, IsForStore))
        {
            items = Array.FindAll(items, IsForStore);
            keys = Array.ConvertAll(items, static item => item.Key);
        }

        return items.Length == 0 ? new(true) : DeliverAsync(keys, (line, _) => WriteAsync(line, items, tags), line);
    }

    private static bool IsForStore<T>(Prepared<T> item) => !item.Policy.Has(HybridCacheEntryFlags.DisableDistributedCacheWrite);

    private ValueTask<bool> WriteAsync<T>(StoreLine line, Prepared<T>[] items, string[]? tags)
    {
        return node.Tags.Now.Generation is null ? LearnAndSendAsync() : SendAsync();

        async ValueTask<bool> LearnAndSendAsync()
        {
            await reads.LearnTagsAsync(line, null, CancellationToken.None).ConfigureAwait(false);
            return await SendAsync().ConfigureAwait(false);
        }

        ValueTask<bool> SendAsync()
        {
            var stamp = node.Tags.Now;
            var writes = Array.ConvertAll(items, item => new StoreItem(item.Key, new StoreWrite
            {
                Payload = item.Packed,
                Expiration = item.Policy.Expiration,
                SlidingExpiration = item.Policy.SlidingExpiration,
                Retention = item.Policy.Retention,
                Stamp = stamp,
                Tags = tags,
            }));
            return line.BoundAsync(StoreOperation.Set, writes.Length == 1
                ? line.Store.SetAsync(writes[0].Key, writes[0].Write, CancellationToken.None)
                : line.Store.SetManyAsync(writes, CancellationToken.None));
        }
    }

    private CachedEntry? EntryOf<T>(Prepared<T> item, string[]? tags, LoadMark mark, bool isDelivered) =>
        item.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite)
            ? null
            : node.Make(item.Key, item.Value, item.Payload, new EntryFacts(item.Policy, mark, node.Clock.Now)
            {
                Tags = tags,
                Epoch = isDelivered ? mark.Epoch : CachedEntry.Detached,
            });

    private static ValueTask<bool> SendRemovalAsync(StoreLine line, string[] keys) =>
        line.BoundAsync(StoreOperation.Remove, line.Store.RemoveAsync(keys, CancellationToken.None));

    private static ValueTask<bool> SendExpiryAsync(StoreLine line, string[] keys) =>
        line.BoundAsync(StoreOperation.Expire, line.Store.ExpireAsync(keys, CancellationToken.None));

    private async ValueTask<bool> DeliverAsync(
        string[] keys, Func<StoreLine, string[], ValueTask<bool>> deliver, StoreLine line)
    {
        try
        {
            // What was called before, and did not wait, comes before.
            foreach (var key in keys)
            {
                if (node.Underway.On(key) is { } earlier)
                {
                    await earlier.ConfigureAwait(false);
                }
            }

            await deliver(line, keys).ConfigureAwait(false);
            node.Undelivered.Delivered(keys);
            return true;
        }
        catch (Exception fault)
        {
            CheckMayQueue(keys.Length, fault);
            node.Undelivered.AddKeys(keys, fault);
            NoteUndelivered(keys.Length, fault);
            return false;
        }
    }

    private bool AreForBackground(string[] keys) => node.Policies.AreByKey
        ? Array.TrueForAll(keys, key => node.Policies.Compose(key, null).InvalidatesInBackground)
        : node.Policies.Default.InvalidatesInBackground;

    private bool TryInBackground(string[] keys, bool isExpiry, Func<StoreLine, string[], ValueTask<bool>> deliver)
    {
        Action<string[]> obey = isExpiry ? ExpireAll : InvalidateAll;
        if (node.Line is not { } line
            || !node.Undelivered.HasRoomFor(keys.Length)
            || node.Underway.TryBegin(keys, isExpiry, () => obey(keys)) is not { } change)
        {
            return false;
        }

        node.Underway.Start(change, () => DeliverBegunAsync(keys, deliver, line));
        return true;
    }

    // Its caller has gone on: there is nobody to throw at.
    private async Task DeliverBegunAsync(string[] keys, Func<StoreLine, string[], ValueTask<bool>> deliver, StoreLine line)
    {
        try
        {
            await deliver(line, keys).ConfigureAwait(false);
            node.Undelivered.Delivered(keys);
        }
        catch (Exception fault)
        {
            node.Undelivered.AddBegunKeys(keys);
            NoteUndelivered(keys.Length, fault);
        }
    }

    private void CheckMayQueue(int count, Exception fault)
    {
        if (node.Options.ThrowOnUndelivered)
        {
            throw new CacheUndeliveredException($"{count} invalidation(s) did not reach L2 ({node.Line!.Store.Description}).", fault);
        }
    }

    private void NoteUndelivered(int count, Exception fault)
    {
        Log.Undelivered(node.Log, count, fault.GetBaseException().Message);
        node.Telemetry.Events.EmitIfWatched(LarderEventKind.Undelivered, fault: fault);
    }

    private void InvalidateAll(string[] keys)
    {
        foreach (var key in keys)
        {
            node.Local.Invalidate(key);
        }
    }

    private void ExpireAll(string[] keys)
    {
        foreach (var key in keys)
        {
            node.Local.Expire(key);
        }
    }

    private Prepared<T>[] PrepareAll<T>(KeyValuePair<string, T>[] values, HybridCacheEntryOptions? options)
    {
        var items = new Prepared<T>[values.Length];
        var policy = node.Policies.Compose(values[0].Key, options);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0 && node.Policies.AreByKey)
            {
                policy = node.Policies.Compose(values[i].Key, options);
            }

            items[i] = Prepare(values[i].Key, values[i].Value, policy.For(values[i].Value));
        }

        return items;
    }

    private Prepared<T> Prepare<T>(string key, T value, EntryPolicy policy)
    {
        var isCached = value is not null || policy.CacheNull;
        var toStore = node.Line is not null && !policy.Has(HybridCacheEntryFlags.DisableDistributedCacheWrite);
        if (!isCached || (!toStore && Entries.IsShared(value, policy)))
        {
            return new(key, value, policy, isCached, null, default);
        }

        // A caller that sets a value is told that it can't be serialized or encrypted; nothing has happened yet.
        var payload = node.Serializers.CodecFor<T>().Encode(value);
        if (node.Options.MaximumPayloadBytes is { } limit && payload.Length > limit)
        {
            Log.TooLarge(node.Log, payload.Length, limit);
            isCached = false;
        }

        return new(key, value, policy, isCached, payload, isCached && toStore ? node.Pack(key, payload, policy) : default);
    }

    /// <summary>A value that is about to be set.</summary>
    private readonly record struct Prepared<T>(
        string Key, T Value, EntryPolicy Policy, bool IsCached, ReadOnlyMemory<byte>? Payload, ReadOnlyMemory<byte> Packed);
}
