using Larder.Feed;
using Larder.Flights;
using Larder.Invalidations;
using Larder.Local;
using Larder.Policies;
using Larder.Reads;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder;

/// <summary>
/// A <see cref="HybridCache"/> whose L1 copies stay fresh: a reader never gets what was invalidated before its read began,
/// on this node at once, on others in milliseconds and always within <see cref="LarderOptions.MaxStaleness"/>.
/// Get it from the service collection (<c>AddLarder</c>), as <see cref="LarderCache"/> or as <see cref="HybridCache"/>.
/// </summary>
/// <remarks>
/// Every overload throws <see cref="ArgumentException"/> for a key that is empty, longer than
/// <see cref="LarderOptions.MaximumKeyLength"/>, no valid Unicode text, or begins with <c>larder:</c>. A fault of L2 is
/// never the caller's: reads go on from the factory.
/// </remarks>
public sealed class LarderCache : HybridCache, IAsyncDisposable, IDisposable
{
    private readonly CacheNode _node;
    private readonly LocalReads _local;
    private readonly StoreReads _store;
    private readonly Loader _loader;
    private readonly Invalidator _invalidator;
    private readonly Pulse? _pulse;
    private int _isDisposed;

    internal LarderCache(string name, CacheNode node)
    {
        Name = name;
        _node = node;
        _local = new LocalReads(node);
        _store = new StoreReads(node);
        _loader = new Loader(node, new FlightTable(node.Local), _store);
        _invalidator = new Invalidator(node, _store);
        _pulse = node.Line is { } line ? new Pulse(node, line, _store, _invalidator) : null;
    }

    /// <summary>The cache's name; empty for the default cache.</summary>
    public string Name { get; }

    /// <summary>This node's id: <see cref="LarderOptions.NodeName"/> and a random part, unique among all nodes that ever run.</summary>
    public string NodeId => _node.NodeId;

    internal CacheNode Node => _node;

    /// <summary>Completes when the store was contacted for the first time, with or without success.</summary>
    internal Task Ready => _pulse?.First ?? Task.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        return TryHit(key, options, cancellationToken, out T value)
            ? new(value)
            : MissAsync(key, state, factory, options, tags, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        ReadOnlySpan<char> key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return TryHit(key, options, cancellationToken, out T value)
            ? new(value)
            : MissAsync(key.ToString(), state, factory, options, tags, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, HybridCacheEntryContext, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        return TryHit(key, options, cancellationToken, out T value)
            ? new(value)
            : MissAsync(key, state, factory, options, tags, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        ReadOnlySpan<char> key,
        TState state,
        Func<TState, HybridCacheEntryContext, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return TryHit(key, options, cancellationToken, out T value)
            ? new(value)
            : MissAsync(key.ToString(), state, factory, options, tags, cancellationToken);
    }

    /// <summary>Looks a value up, in L1 and then in L2, without a factory.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The value and where it was found, or a result that says that nothing was.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not acceptable as a key.</exception>
    public ValueTask<CacheResult<T>> TryGetAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        var now = _node.Clock.Now;
        return !_node.DefaultPolicy.Has(HybridCacheEntryFlags.DisableLocalCacheRead)
            && _local.Find(key, now) is { } entry
            && _local.TryTake(entry, now, out T value)
            ? new(Result(value, entry, CacheLevel.L1, now))
            : LookUpAsync<T>(key, _node.DefaultPolicy, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask SetAsync<T>(
        string key,
        T value,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        CheckKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        return _invalidator.SetAsync(key, value, _node.Compose(options), KeyRules.CheckEntryTags(tags, _node.Options.MaximumKeyLength));
    }

    /// <inheritdoc/>
    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        CheckKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        return _invalidator.RemoveAsync([key]);
    }

    /// <summary>Removes the values of several keys, in one round trip where the store can.</summary>
    /// <param name="keys">The keys; <see langword="null"/> counts as none.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException">A key is not acceptable; then none was removed.</exception>
    public override ValueTask RemoveAsync(IEnumerable<string> keys, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string[] all = [.. (keys ?? []).Distinct(StringComparer.Ordinal)];
        foreach (var key in all)
        {
            CheckKey(key);
        }

        return all.Length == 0 ? default : _invalidator.RemoveAsync(all);
    }

    /// <summary>Invalidates all entries that were stored with a tag; <c>*</c> stands for every entry.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is empty, too long, or no valid Unicode text.</exception>
    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return RemoveByTagAsync([tag], cancellationToken);
    }

    /// <summary>Invalidates all entries that were stored with one of the tags, in one round trip.</summary>
    /// <param name="tags">The tags; <see langword="null"/> counts as none.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException">A tag is empty, too long, or no valid Unicode text; then none was invalidated.</exception>
    public override ValueTask RemoveByTagAsync(IEnumerable<string> tags, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _invalidator.InvalidateTagsAsync(KeyRules.CheckTags(tags, _node.Options.MaximumKeyLength));
    }

    /// <summary>Invalidates every entry of the cache, on all nodes.</summary>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    public ValueTask ClearAsync(CancellationToken cancellationToken = default) =>
        RemoveByTagAsync(Tags.TagClock.All, cancellationToken);

    /// <summary>Stops the cache's work in the background and closes its store.</summary>
    public async ValueTask DisposeAsync()
    {
        // The container disposes it once for every service type that it is registered as.
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        if (_pulse is not null)
        {
            await _pulse.DisposeAsync().ConfigureAwait(false);
        }

        await _node.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private bool TryHit<T>(string key, HybridCacheEntryOptions? options, CancellationToken cancellationToken, out T value)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = _node.Clock.Now;
        value = default!;
        return ReadsLocal(options) && _local.Find(key, now) is { } entry && _local.TryTake(entry, now, out value);
    }

    private bool TryHit<T>(ReadOnlySpan<char> key, HybridCacheEntryOptions? options, CancellationToken cancellationToken, out T value)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = _node.Clock.Now;
        value = default!;
        return ReadsLocal(options) && _local.Find(key, now) is { } entry && _local.TryTake(entry, now, out value);
    }

    private bool ReadsLocal(HybridCacheEntryOptions? options) =>
        (LarderEntryOptions.FlagsOf(options, _node.DefaultPolicy.Flags) & HybridCacheEntryFlags.DisableLocalCacheRead) == 0;

    private ValueTask<T> MissAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options,
        IEnumerable<string>? tags,
        CancellationToken cancellationToken)
    {
        CheckKey(key);
        var policy = _node.Compose(options);
        if (policy.Has(HybridCacheEntryFlags.DisableUnderlyingData))
        {
            return LookUpValueAsync<T>(key, policy, cancellationToken);
        }

        var entryTags = KeyRules.CheckEntryTags(tags, _node.Options.MaximumKeyLength);
        var id = new FlightKey(key, typeof(T), policy.Flags);
        return _loader.LoadAsync(
            new PlainFlight<TState, T>(id, policy, entryTags, cancellationToken.CanBeCanceled, state, factory), cancellationToken);
    }

    private ValueTask<T> MissAsync<TState, T>(
        string key,
        TState state,
        Func<TState, HybridCacheEntryContext, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options,
        IEnumerable<string>? tags,
        CancellationToken cancellationToken)
    {
        CheckKey(key);
        var policy = _node.Compose(options);
        if (policy.Has(HybridCacheEntryFlags.DisableUnderlyingData))
        {
            return LookUpValueAsync<T>(key, policy, cancellationToken);
        }

        var entryTags = KeyRules.CheckEntryTags(tags, _node.Options.MaximumKeyLength);
        var id = new FlightKey(key, typeof(T), policy.Flags);
        return _loader.LoadAsync(
            new ContextFlight<TState, T>(id, policy, entryTags, cancellationToken.CanBeCanceled, state, factory), cancellationToken);
    }

    private async ValueTask<T> LookUpValueAsync<T>(string key, EntryPolicy policy, CancellationToken cancellationToken) =>
        (await LookUpAsync<T>(key, policy, cancellationToken).ConfigureAwait(false)).Value!;

    private async ValueTask<CacheResult<T>> LookUpAsync<T>(string key, EntryPolicy policy, CancellationToken cancellationToken)
    {
        CheckKey(key);
        if (_node.Line is not { IsDown: false } line
            || _node.Undelivered.CoversKey(key)
            || policy.Has(HybridCacheEntryFlags.DisableDistributedCacheRead))
        {
            return default;
        }

        try
        {
            var mark = _node.Local.Capture(key);
            var answer = await _store.ReadAsync<T>(line, key, mark, policy, cancellationToken).ConfigureAwait(false);
            if (answer.State != StoreState.Hit)
            {
                return default;
            }

            if (!policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
            {
                _node.Local.Store(answer.Entry!, mark);
            }

            return Result(answer.Value!, answer.Entry!, CacheLevel.L2, _node.Clock.Now);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StoreFault(_node.Log, "read", fault);
            return default;
        }
    }

    private static CacheResult<T> Result<T>(T value, CachedEntry entry, CacheLevel level, long now) => new()
    {
        Value = value,
        Level = level,
        Age = entry.WrittenAt is { } written ? TimeSpan.FromMilliseconds(Math.Max(0, now - written)) : null,
        ExpiresIn = MonotonicClock.Until(entry.ExpiresIfUnread, now),
    };

    private void CheckKey(string key) => KeyRules.CheckKey(key, _node.Options.MaximumKeyLength);
}
