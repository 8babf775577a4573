using Larder.Batches;
using Larder.Diagnostics;
using Larder.Explaining;
using Larder.Factories;
using Larder.Feed;
using Larder.Flights;
using Larder.Inspection;
using Larder.Invalidations;
using Larder.Local;
using Larder.Overflow;
using Larder.Plugins;
using Larder.Policies;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;
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
    private readonly EntryPolicies _policies;
    private readonly LocalReads _local;
    private readonly StoreReads _store;
    private readonly OverflowReads? _overflow;
    private readonly Lookups _lookups;
    private readonly Loader _loader;
    private readonly Joiner _joiner;
    private readonly BatchLoader _batches;
    private readonly Invalidator _invalidator;
    private readonly Responder _responder;
    private readonly NodeTalk? _talk;
    private readonly Pulse? _pulse;
    private readonly bool _readsLocal;
    private int _isDisposed;

    internal LarderCache(string name, CacheNode node)
    {
        Name = name;
        _node = node;
        _policies = node.Policies;
        _readsLocal = !_policies.AreByKey && !_policies.Default.Has(HybridCacheEntryFlags.DisableLocalCacheRead);
        _local = new LocalReads(node);
        _store = new StoreReads(node);
        _overflow = node.Overflow is { } overflow ? new OverflowReads(node, overflow) : null;
        _lookups = new Lookups(node, _local, _store, _overflow);
        var flights = new FlightTable(node.Local);
        var (keeping, failSafe) = (new Keeping(node), new FailSafe(node, flights, _local));
        _loader = new Loader(node, flights, keeping, failSafe, _store);
        _joiner = new Joiner(node, flights, _loader, _local);
        _batches = new BatchLoader(node, flights, keeping, failSafe, _store);
        OpenLoads = new OpenLoads(node, _local, _lookups, _store, keeping);
        _invalidator = new Invalidator(node, _store);
        Keys = new MatchingKeys(node, _local, _store, _invalidator);
        _responder = new Responder(node, _local, _store);
        _talk = node.Line?.Store.Ability<INodeMessenger>() is { } messenger ? new NodeTalk(node, messenger, _responder) : null;
        _pulse = node.Line is { } line ? new Pulse(node, line, _store, _invalidator, _talk) : null;
    }

    /// <summary>The cache's name; empty for the default cache.</summary>
    public string Name { get; }

    /// <summary>This node's id: <see cref="LarderOptions.NodeName"/> and a random part, unique among all nodes that ever run.</summary>
    public string NodeId => _node.NodeId;

    /// <summary>What happens in the cache on this node.</summary>
    public LarderEvents Events => _node.Telemetry.Events;

    internal CacheNode Node => _node;

    internal CacheInspector Inspector => field ??= new CacheInspector(this, _local, _store, _responder, _talk);

    /// <summary>For values that are made by what this library does not call.</summary>
    internal OpenLoads OpenLoads { get; }

    /// <summary>Finds keys that look alike.</summary>
    internal MatchingKeys Keys { get; }

    /// <summary>What lives along with it; <see langword="null"/> if nothing does.</summary>
    internal PluginRunner? Plugins { get; set; }

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
        return Get<PlainFactory<TState, T>, T>(key, new(state, factory), options, tags, cancellationToken);
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
        return Get<PlainFactory<TState, T>, T>(key, new(state, factory), options, tags, cancellationToken);
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
        return Get<ContextFactory<TState, T>, T>(key, new(state, factory), options, tags, cancellationToken);
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
        return Get<ContextFactory<TState, T>, T>(key, new(state, factory), options, tags, cancellationToken);
    }

    /// <summary>
    /// As the other overloads, with a factory that can decide everything by the value: options, tags, whether it is cached;
    /// and that sees the expired value, to ask the origin whether it has changed.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="factory">Makes the value where there is none.</param>
    /// <param name="options">The options; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="tags">The entry's tags, unless the factory chooses others.</param>
    /// <param name="cancellationToken">Cancels the waiting; the factory, when nobody waits any more.</param>
    /// <exception cref="ArgumentException">A key, tag or option is not acceptable.</exception>
    public ValueTask<T> GetOrCreateAsync<T>(
        string key,
        Func<LarderEntryContext<T>, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return GetOrCreateAsync<Func<LarderEntryContext<T>, CancellationToken, ValueTask<T>>, T>(
            key, factory, static (factory, context, cancellationToken) => factory(context, cancellationToken), options, tags, cancellationToken);
    }

    /// <inheritdoc cref="GetOrCreateAsync{T}(string, Func{LarderEntryContext{T}, CancellationToken, ValueTask{T}}, HybridCacheEntryOptions, IEnumerable{string}, CancellationToken)"/>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="state">Given to the factory, which so need not be a closure.</param>
    /// <param name="factory">Makes the value where there is none.</param>
    /// <param name="options">The options; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="tags">The entry's tags, unless the factory chooses others.</param>
    /// <param name="cancellationToken">Cancels the waiting; the factory, when nobody waits any more.</param>
    public ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, LarderEntryContext<T>, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        return Get<AdaptiveFactory<TState, T>, T>(key, new(_node, state, factory), options, tags, cancellationToken);
    }

    /// <summary>Looks a value up, in L1 and then in L2, without a factory.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The value and where it was found, or a result that says that nothing was.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not acceptable as a key.</exception>
    public ValueTask<CacheResult<T>> TryGetAsync<T>(string key, CancellationToken cancellationToken = default) =>
        TryGetAsync<T>(key, null, cancellationToken);

    /// <summary>As the other overload, with options: which levels are read, and whether an expired value counts.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="options">The options; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The value and where it was found, or a result that says that nothing was.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not acceptable as a key, or an option is out of its range.</exception>
    public ValueTask<CacheResult<T>> TryGetAsync<T>(
        string key, HybridCacheEntryOptions? options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        if (ReadsLocal(key, options) && _local.TryFind(key, out CacheResult<T> found))
        {
            return new(found);
        }

        CheckKey(key);
        return _lookups.FindAsync<T>(key, _policies.Compose(key, options), cancellationToken);
    }

    /// <summary>Looks several values up, in L1 and then, in one round trip, in L2, without a factory.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="keys">The keys; <see langword="null"/> counts as none.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>Those that were found, by their keys.</returns>
    /// <exception cref="ArgumentException">A key is not acceptable.</exception>
    public async ValueTask<Dictionary<string, T>> GetManyAsync<T>(IEnumerable<string> keys, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        var missing = TakeLocal<string, T>([.. CheckKeys(keys).Select(key => new Wanted<string>(key, key, _policies.Compose(key, null)))], found);
        missing = _overflow is null ? missing : await _overflow.TakeAsync(missing, found, cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0)
        {
            await _lookups.FindManyAsync(missing, found, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    /// <summary>
    /// Gets several values: from L1, from L2 in one round trip, and what is missing from one call of the factory, which no
    /// other caller on any node makes at the same time. Keys for which <see cref="LarderOptions.EntryOptionsFor"/> has different
    /// options are loaded one kind after another, by a call of the factory each.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="keys">The keys; <see langword="null"/> counts as none.</param>
    /// <param name="factory">Makes the values of the keys that it is given. What it leaves out is not cached, and not in the result.</param>
    /// <param name="options">The options of all entries; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="tags">The tags of all entries.</param>
    /// <param name="cancellationToken">Cancels the waiting; the factory, when nobody waits any more.</param>
    /// <returns>The values by their keys.</returns>
    /// <exception cref="ArgumentException">A key, tag or option is not acceptable.</exception>
    public ValueTask<Dictionary<string, T>> GetOrCreateManyAsync<T>(
        IEnumerable<string> keys,
        Func<IReadOnlyList<string>, CancellationToken, ValueTask<Dictionary<string, T>>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default) =>
        GetOrCreateManyAsync(keys, static key => key, factory, options, tags, cancellationToken);

    /// <inheritdoc cref="GetOrCreateManyAsync{T}(IEnumerable{string}, Func{IReadOnlyList{string}, CancellationToken, ValueTask{Dictionary{string, T}}}, HybridCacheEntryOptions, IEnumerable{string}, CancellationToken)"/>
    /// <typeparam name="TId">What the app calls a value: the id of a row, say.</typeparam>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="ids">The ids; <see langword="null"/> counts as none.</param>
    /// <param name="keyOf">The key of an id.</param>
    /// <param name="factory">Makes the values of the ids that it is given. What it leaves out is not cached, and not in the result.</param>
    /// <param name="options">The options of all entries; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="tags">The tags of all entries.</param>
    /// <param name="cancellationToken">Cancels the waiting; the factory, when nobody waits any more.</param>
    /// <returns>The values by their ids.</returns>
    public async ValueTask<Dictionary<TId, T>> GetOrCreateManyAsync<TId, T>(
        IEnumerable<TId> ids,
        Func<TId, string> keyOf,
        Func<IReadOnlyList<TId>, CancellationToken, ValueTask<Dictionary<TId, T>>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
        where TId : notnull
    {
        ArgumentNullException.ThrowIfNull(keyOf);
        ArgumentNullException.ThrowIfNull(factory);
        cancellationToken.ThrowIfCancellationRequested();
        var wanted = Want<TId, T>(ids, keyOf, options);
        var found = new Dictionary<TId, T>(wanted.Count);
        var missing = TakeLocal(wanted, found);
        missing = _overflow is null ? missing : await _overflow.TakeAsync(missing, found, cancellationToken).ConfigureAwait(false);
        if (missing.Count == 0)
        {
            return found;
        }

        var checkedTags = KeyRules.CheckEntryTags(tags, _node.Options.MaximumKeyLength);
        foreach (var (policy, alike) in ByPolicy(missing))
        {
            if (policy.Has(HybridCacheEntryFlags.DisableUnderlyingData))
            {
                await _lookups.FindManyAsync(alike, found, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                var batch = new Batch<TId, T>(factory, policy, checkedTags);
                await _batches.LoadAsync(batch, alike, found, cancellationToken).ConfigureAwait(false);
            }
        }

        return found;
    }

    /// <summary>Sets several values, in one round trip where the store can.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="values">The values by their keys; of a key that comes twice, the last counts.</param>
    /// <param name="options">The options of all entries; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="tags">The tags of all entries.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException">A key, tag or option is not acceptable; then none was set.</exception>
    public ValueTask SetManyAsync<T>(
        IEnumerable<KeyValuePair<string, T>> values,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var all = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in values ?? [])
        {
            CheckKey(key);
            all[key] = value;
        }

        return all.Count == 0
            ? default
            : _invalidator.SetAsync<T>([.. all], options, KeyRules.CheckEntryTags(tags, _node.Options.MaximumKeyLength));
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
        return _invalidator.SetAsync(key, value, options, KeyRules.CheckEntryTags(tags, _node.Options.MaximumKeyLength));
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
        var all = CheckKeys(keys);
        return all.Length == 0 ? default : _invalidator.RemoveAsync(all);
    }

    /// <summary>
    /// Expires a value: the next reader makes it anew. Unlike a removed one, it stays for fail-safe
    /// (<see cref="LarderEntryOptions.FailSafe"/>), where it was stored with that; otherwise it is removed.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not acceptable as a key.</exception>
    public ValueTask ExpireAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ExpireAsync([key], cancellationToken);
    }

    /// <summary>Expires the values of several keys, in one round trip where the store can.</summary>
    /// <param name="keys">The keys; <see langword="null"/> counts as none.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException">A key is not acceptable; then none was expired.</exception>
    public ValueTask ExpireAsync(IEnumerable<string> keys, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var all = CheckKeys(keys);
        return all.Length == 0 ? default : _invalidator.ExpireAsync(all);
    }

    /// <summary>Counts as a read of a sliding entry: it lives on, on all nodes, without its value being fetched.</summary>
    /// <param name="key">The key. Where there is no entry, or one that does not slide, nothing happens.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not acceptable as a key.</exception>
    public ValueTask RefreshAsync(string key, CancellationToken cancellationToken = default)
    {
        CheckKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        var now = _node.Clock.Now;
        if (_local.Find(key, now) is { Sliding: not 0 } entry)
        {
            entry.Read(now);
        }

        return _node.Line is { IsDown: false } line ? _store.TouchAsync(line, key) : default;
    }

    /// <summary>Invalidates all entries that were stored with a tag; <c>*</c> stands for every entry.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is empty, too long, reserved, or no valid Unicode text.</exception>
    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return RemoveByTagAsync([tag], cancellationToken);
    }

    /// <summary>Invalidates all entries that were stored with one of the tags, in one round trip.</summary>
    /// <param name="tags">The tags; <see langword="null"/> counts as none.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException">A tag is empty, too long, reserved, or no valid Unicode text; then none was invalidated.</exception>
    public override ValueTask RemoveByTagAsync(IEnumerable<string> tags, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _invalidator.RemoveByTagAsync(KeyRules.CheckTags(tags, _node.Options.MaximumKeyLength));
    }

    /// <summary>
    /// Expires all entries that were stored with a tag; <c>*</c> stands for every entry: the next reader of each makes it anew. Unlike
    /// removed ones, those that were stored with fail-safe (<see cref="LarderEntryOptions.FailSafe"/>) stay for that; all others
    /// are removed.
    /// </summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is empty, too long, reserved, or no valid Unicode text.</exception>
    public ValueTask ExpireByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return ExpireByTagAsync([tag], cancellationToken);
    }

    /// <summary>As the other overload, for all entries that were stored with one of the tags, in one round trip.</summary>
    /// <param name="tags">The tags; <see langword="null"/> counts as none.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException">A tag is empty, too long, reserved, or no valid Unicode text; then none was expired.</exception>
    public ValueTask ExpireByTagAsync(IEnumerable<string> tags, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _invalidator.ExpireByTagAsync(KeyRules.CheckTags(tags, _node.Options.MaximumKeyLength));
    }

    /// <summary>Invalidates every entry of the cache, on all nodes.</summary>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    public ValueTask ClearAsync(CancellationToken cancellationToken = default) =>
        RemoveByTagAsync(Tags.TagClock.All, cancellationToken);

    /// <summary>
    /// Explains a key: where it is, how old, until when, who wrote it, and why a read is no hit. It reads L2, and changes
    /// nothing.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not acceptable as a key.</exception>
    public ValueTask<KeyExplanation> ExplainAsync(string key, CancellationToken cancellationToken = default)
    {
        CheckKey(key);
        return new Explainer(_node, _local, _store).ExplainAsync(key, cancellationToken);
    }

    /// <summary>Waits until what was invalidated in the background has reached L2, as long as one invalidation may take.</summary>
    internal async Task DeliverBegunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _node.Underway.All()
                .WaitAsync(_node.Options.TimeoutOf(StoreOperation.Set), _node.Clock.Provider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }

    /// <summary>
    /// Stops the cache's work and closes its store, when what was invalidated in the background has reached it, or has had the
    /// time for that (<see cref="StoreOptions.InvalidationTimeout"/>).
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        // The container disposes it once for every service type that it is registered as.
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        if (Plugins is not null)
        {
            await Plugins.DisposeAsync().ConfigureAwait(false);
        }

        await DeliverBegunAsync(CancellationToken.None).ConfigureAwait(false);
        if (_pulse is not null)
        {
            await _pulse.DisposeAsync().ConfigureAwait(false);
        }

        _talk?.Dispose();
        if (_node.Undelivered.Count + _node.Underway.Count is > 0 and var lost)
        {
            Log.LeftBehind(_node.Log, lost);
        }

        await _node.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private ValueTask<T> Get<TFactory, T>(
        string key, TFactory factory, HybridCacheEntryOptions? options, IEnumerable<string>? tags, CancellationToken cancellationToken)
        where TFactory : struct, IFactory<T>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = _node.Clock.Now;
        if (_local.Find(key, now) is { } entry && ReadsLocal(entry.Key, options) && _local.TryTake(entry, now, out T value))
        {
            _node.Count(entry, RequestResult.L1Hit);
            if (!entry.IsFixed && now >= entry.EagerAt)
            {
                RefreshEagerly<TFactory, T>(entry, factory, options, tags);
            }

            return new(value);
        }

        return MissAsync<TFactory, T>(key, now, factory, options, tags, cancellationToken);
    }

    private ValueTask<T> Get<TFactory, T>(
        ReadOnlySpan<char> key, TFactory factory, HybridCacheEntryOptions? options, IEnumerable<string>? tags, CancellationToken cancellationToken)
        where TFactory : struct, IFactory<T>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = _node.Clock.Now;
        if (_local.Find(key, now) is { } entry && ReadsLocal(entry.Key, options) && _local.TryTake(entry, now, out T value))
        {
            _node.Count(entry, RequestResult.L1Hit);
            if (!entry.IsFixed && now >= entry.EagerAt)
            {
                RefreshEagerly<TFactory, T>(entry, factory, options, tags);
            }

            return new(value);
        }

        return MissAsync<TFactory, T>(key.ToString(), now, factory, options, tags, cancellationToken);
    }

    private bool ReadsLocal(string key, HybridCacheEntryOptions? options) =>
        (options is null && _readsLocal) || (_policies.FlagsOf(key, options) & HybridCacheEntryFlags.DisableLocalCacheRead) == 0;

    private ValueTask<T> MissAsync<TFactory, T>(
        string key, long now, TFactory factory, HybridCacheEntryOptions? options, IEnumerable<string>? tags, CancellationToken cancellationToken)
        where TFactory : struct, IFactory<T>
    {
        CheckKey(key);
        var policy = _policies.Compose(key, options);
        if (policy.Has(HybridCacheEntryFlags.DisableUnderlyingData))
        {
            return _lookups.FindValueAsync<T>(key, policy, cancellationToken);
        }

        if (_overflow?.Find<T>(key, policy) is { } overflowed)
        {
            return FromOverflowAsync<TFactory, T>(overflowed, factory, options, tags, cancellationToken);
        }

        if (policy.HasFailSafe && !policy.Has(HybridCacheEntryFlags.DisableLocalCacheRead) && _local.FindThrottled<T>(key) is { } throttled)
        {
            _node.Count(throttled.Entry, RequestResult.StaleHit);

            return new(throttled.Value);
        }

        var hash = KeyHash.Of(key);
        var id = new FlightKey(key, typeof(T), policy.Flags, hash);
        var terms = TermsOf<T>(policy, tags, cancellationToken);
        if (_joiner.Join<T>(id) is { } joined)
        {
            return _joiner.WaitAsync(joined, terms, factory, cancellationToken);
        }

        _node.History.NoteMiss(key, hash, now, _local.WhyNot(_local.Peek(key, hash), now));
        return _loader.LoadAsync(new FactoryFlight<TFactory, T>(id, terms, factory), cancellationToken);
    }

    private async ValueTask<T> FromOverflowAsync<TFactory, T>(
        OverflowFound found, TFactory factory, HybridCacheEntryOptions? options, IEnumerable<string>? tags, CancellationToken cancellationToken)
        where TFactory : struct, IFactory<T>
    {
        using (var activity = _node.Telemetry.BeginGet())
        {
            if (await _overflow!.ReadAsync<T>(found, cancellationToken).ConfigureAwait(false) is { } hit)
            {
                Telemetry.EndGet(activity, RequestResult.L1Hit);
                return hit.Value;
            }
        }

        return await MissAsync<TFactory, T>(found.Record.Key, _node.Clock.Now, factory, options, tags, cancellationToken).ConfigureAwait(false);
    }

    private void RefreshEagerly<TFactory, T>(
        CachedEntry entry, TFactory factory, HybridCacheEntryOptions? options, IEnumerable<string>? tags)
        where TFactory : struct, IFactory<T>
    {
        var policy = _policies.Compose(entry.Key, options);
        if (!policy.Has(HybridCacheEntryFlags.DisableUnderlyingData) && entry.BeginEagerRefresh(_node.Clock.Now))
        {
            var terms = TermsOf<T>(policy, tags, CancellationToken.None);
            _loader.RefreshEagerly(new FactoryFlight<TFactory, T>(new FlightKey(entry.Key, typeof(T), policy.Flags), terms, factory));
        }
    }

    private FlightTerms TermsOf<T>(EntryPolicy policy, IEnumerable<string>? tags, CancellationToken cancellationToken)
    {
        CheckDefault<T>(policy);
        return new(policy, KeyRules.CheckEntryTags(tags, _node.Options.MaximumKeyLength), cancellationToken.CanBeCanceled);
    }

    private List<Wanted<TId>> Want<TId, T>(IEnumerable<TId>? ids, Func<TId, string> keyOf, HybridCacheEntryOptions? options)
        where TId : notnull
    {
        var wanted = new List<Wanted<TId>>();
        EntryPolicy? policy = null;
        foreach (var id in (ids ?? []).Distinct())
        {
            var key = keyOf(id);
            CheckKey(key);
            if (policy is null || _policies.AreByKey)
            {
                policy = _policies.Compose(key, options);
                CheckDefault<T>(policy);
            }

            wanted.Add(new(id, key, policy));
        }

        return wanted;
    }

    // One batch, unless keys have options of their own.
    private static IEnumerable<(EntryPolicy Policy, List<Wanted<TId>> Alike)> ByPolicy<TId>(List<Wanted<TId>> wanted)
        where TId : notnull =>
        wanted.TrueForAll(one => ReferenceEquals(one.Policy, wanted[0].Policy))
            ? [(wanted[0].Policy, wanted)]
            : wanted.GroupBy(static one => one.Policy, static (policy, alike) => (policy, alike.ToList()));

    private List<Wanted<TId>> TakeLocal<TId, T>(List<Wanted<TId>> wanted, Dictionary<TId, T> found)
        where TId : notnull
    {
        var missing = new List<Wanted<TId>>();
        var now = _node.Clock.Now;
        foreach (var one in wanted)
        {
            if (!one.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheRead) && _local.Find(one.Key, now) is { } entry && _local.TryTake(entry, now, out T value))
            {
                _node.Count(entry, RequestResult.L1Hit);
                found[one.Id] = value;
            }
            else
            {
                missing.Add(one);
            }
        }

        return missing;
    }

    private static void CheckDefault<T>(EntryPolicy policy)
    {
        if (policy.Default is { } given and not FailSafeDefault<T>)
        {
            throw new InvalidOperationException(
                $"The fail-safe default of the options was of the type {given.Type}; it may be of the type that is cached, {typeof(T)}.");
        }
    }

    private string[] CheckKeys(IEnumerable<string>? keys)
    {
        string[] all = [.. (keys ?? []).Distinct(StringComparer.Ordinal)];
        foreach (var key in all)
        {
            CheckKey(key);
        }

        return all;
    }

    private void CheckKey(string key) => KeyRules.CheckKey(key, _node.Options.MaximumKeyLength);
}
