using System.Buffers;
using Larder.Stores;
using Microsoft.Extensions.Caching.Distributed;

namespace Larder.Distributed;

/// <summary>
/// <see cref="IDistributedCache"/> and <see cref="IBufferDistributedCache"/> over a store, so that session, and anything else
/// that caches bytes, works on Larder's connection and under its key prefix.
/// </summary>
/// <remarks>
/// Values are raw: they have no tags, so neither <c>RemoveByTagAsync</c> nor <c>ClearAsync</c> touches them, and they are not
/// kept in L1, so that every read sees the last write of any node. A store that is not reachable makes these methods
/// throw, as Microsoft's implementations do; nothing is queued.
/// <para>
/// The synchronous methods block their thread until the asynchronous ones are done. A store has no others, and answers on
/// threads of its own; nothing below resumes on the caller's context, so blocking can't deadlock, only cost the thread.
/// </para>
/// </remarks>
/// <param name="store">The store.</param>
/// <param name="timeProvider">Turns <see cref="DistributedCacheEntryOptions.AbsoluteExpiration"/>, a moment, into a duration.</param>
/// <param name="tagClock">
/// The tag clock as this node knows it: to a <see cref="LarderCache"/> that reads the same key, the value is one that was set
/// now, without tags. Reads here ignore it.
/// </param>
/// <param name="invalidateLocal">Makes this node's L1 forget a key: a cache on the same store may hold it.</param>
internal sealed class StoreDistributedCache(
    ILarderStore store, TimeProvider timeProvider, Func<TagStamp> tagClock, Action<string> invalidateLocal) : IBufferDistributedCache
{
    public byte[]? Get(string key) => Wait(GetAsync(key));

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        var entry = await ReadAsync(key, token).ConfigureAwait(false);
        using var owner = entry?.PayloadOwner;
        return entry?.Payload.ToArray();
    }

    public bool TryGet(string key, IBufferWriter<byte> destination) => Wait(TryGetAsync(key, destination).AsTask());

    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (await ReadAsync(key, token).ConfigureAwait(false) is not { } entry)
        {
            return false;
        }

        using var owner = entry.PayloadOwner;
        destination.Write(entry.Payload.Span);
        return true;
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Wait(SetAsync(key, value, options));

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return WriteAsync(key, value, options, token);
    }

    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) =>
        Wait(SetAsync(key, value, options).AsTask());

    // Copied, because such sequences are pooled: a write that was given up here may still be on its way to the server when
    // the caller lends the buffers to somebody else.
    public ValueTask SetAsync(
        string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        new(WriteAsync(key, value.ToArray(), options, token));

    public void Refresh(string key) => Wait(RefreshAsync(key));

    public Task RefreshAsync(string key, CancellationToken token = default)
    {
        CheckKey(key);
        return store.TouchAsync(key, TimeSpan.Zero, token).AsTask();
    }

    public void Remove(string key) => Wait(RemoveAsync(key));

    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        CheckKey(key);
        return ChangeAsync(key, () => store.RemoveAsync([key], token));
    }

    private async ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken token)
    {
        CheckKey(key);
        if (await store.ReadAsync(key, token).ConfigureAwait(false) is not { IsExpired: false, IsDamaged: false } entry)
        {
            return null;
        }

        if (entry.SlidingExpiration is not null)
        {
            await store.TouchAsync(key, TimeSpan.Zero, token).ConfigureAwait(false);
        }

        return entry;
    }

    private Task WriteAsync(string key, ReadOnlyMemory<byte> value, DistributedCacheEntryOptions options, CancellationToken token)
    {
        CheckKey(key);
        ArgumentNullException.ThrowIfNull(options);
        var write = new StoreWrite
        {
            Payload = value,
            Expiration = ExpirationOf(options),
            SlidingExpiration = options.SlidingExpiration,
            Stamp = tagClock(),
            IsUnverified = true,
        };
        return ChangeAsync(key, () => store.SetAsync(key, write, token));
    }

    /// <summary>
    /// Before the change, so that no load which began before it ends up in L1; after it, for those that began meanwhile and
    /// read the old value, also if it failed, since it may have happened all the same.
    /// </summary>
    private async Task ChangeAsync(string key, Func<ValueTask> change)
    {
        invalidateLocal(key);
        try
        {
            await change().ConfigureAwait(false);
        }
        finally
        {
            invalidateLocal(key);
        }
    }

    private TimeSpan? ExpirationOf(DistributedCacheEntryOptions options)
    {
        var untilMoment = options.AbsoluteExpiration - timeProvider.GetUtcNow();
        if (untilMoment <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.AbsoluteExpiration, $"{nameof(options.AbsoluteExpiration)} must be in the future.");
        }

        return options.AbsoluteExpirationRelativeToNow ?? untilMoment;
    }

    private static void CheckKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.StartsWith(KeyRules.Reserved, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The key begins with '{KeyRules.Reserved}', which is reserved for the cache's own records.", nameof(key));
        }
    }

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
