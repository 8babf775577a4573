using Microsoft.Extensions.Caching.Hybrid;

namespace Larder;

/// <summary>
/// The operations of a <see cref="LarderCache"/> for code that can't be asynchronous: constructors, callbacks, older interfaces.
/// </summary>
/// <remarks>
/// A hit in L1 neither blocks nor allocates. Everything else blocks the calling thread until the asynchronous operation is
/// over, which needs other threads of the pool meanwhile: where many requests do that at once, the pool runs dry. Use the
/// asynchronous methods wherever you can. They are called without the caller's <see cref="SynchronizationContext"/>, so nothing of
/// the cache waits for the thread that waits for it; and the factory, which may run on any thread, does not see it. Only who
/// joins a load whose asynchronous factory needs that thread waits for <see cref="LeaseOptions.MaximumDuration"/>.
/// </remarks>
public static class LarderSynchronousExtensions
{
    /// <summary>As <c>GetOrCreateAsync</c>: gets a value from L1 or L2, or makes it.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="factory">Makes the value where there is none.</param>
    /// <param name="options">The options; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="tags">The entry's tags.</param>
    /// <param name="cancellationToken">Cancels the waiting. A factory that runs is not interrupted.</param>
    /// <exception cref="ArgumentException">A key, tag or option is not acceptable.</exception>
    public static T GetOrCreate<T>(
        this LarderCache cache,
        string key,
        Func<T> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return cache.GetOrCreate(key, factory, static factory => factory(), options, tags, cancellationToken);
    }

    /// <inheritdoc cref="GetOrCreate{T}(LarderCache, string, Func{T}, HybridCacheEntryOptions, IEnumerable{string}, CancellationToken)"/>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="state">Given to the factory, which so need not be a closure.</param>
    /// <param name="factory">Makes the value where there is none.</param>
    /// <param name="options">The options; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="tags">The entry's tags.</param>
    /// <param name="cancellationToken">Cancels the waiting. A factory that runs is not interrupted.</param>
    public static T GetOrCreate<TState, T>(
        this LarderCache cache,
        string key,
        TState state,
        Func<TState, T> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(factory);
        using var free = new ContextFree();
        return Wait(cache.GetOrCreateAsync(
            key, (state, factory), static (made, _) => new ValueTask<T>(made.factory(made.state)), options, tags, cancellationToken));
    }

    /// <summary>As <see cref="LarderCache.TryGetAsync{T}(string, HybridCacheEntryOptions, CancellationToken)"/>: looks a value up, in L1 and then in L2.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="options">The options; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The value and where it was found, or a result that says that nothing was.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not acceptable as a key, or an option is out of its range.</exception>
    public static CacheResult<T> TryGet<T>(
        this LarderCache cache, string key, HybridCacheEntryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        using var free = new ContextFree();
        return Wait(cache.TryGetAsync<T>(key, options, cancellationToken));
    }

    /// <summary>As <see cref="LarderCache.SetAsync"/>: sets a value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">The options; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="tags">The entry's tags.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException">A key, tag or option is not acceptable.</exception>
    public static void Set<T>(
        this LarderCache cache,
        string key,
        T value,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        using var free = new ContextFree();
        Wait(cache.SetAsync(key, value, options, tags, cancellationToken));
    }

    /// <summary>As <see cref="LarderCache.RemoveAsync(string, CancellationToken)"/>: removes the value of a key.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not acceptable as a key.</exception>
    public static void Remove(this LarderCache cache, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        using var free = new ContextFree();
        Wait(cache.RemoveAsync(key, cancellationToken));
    }

    /// <summary>As <see cref="LarderCache.ExpireAsync(string, CancellationToken)"/>: expires the value of a key; it stays for fail-safe.</summary>
    /// <inheritdoc cref="Remove(LarderCache, string, CancellationToken)"/>
    public static void Expire(this LarderCache cache, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        using var free = new ContextFree();
        Wait(cache.ExpireAsync(key, cancellationToken));
    }

    /// <summary>As <see cref="LarderCache.RemoveByTagAsync(string, CancellationToken)"/>: invalidates all entries that were stored with a tag.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="tag">The tag; <c>*</c> for every entry.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is empty, too long, reserved, or no valid Unicode text.</exception>
    public static void RemoveByTag(this LarderCache cache, string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        using var free = new ContextFree();
        Wait(cache.RemoveByTagAsync(tag, cancellationToken));
    }

    /// <summary>As <see cref="LarderCache.ClearAsync"/>: invalidates every entry of the cache, on all nodes.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    public static void Clear(this LarderCache cache, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        using var free = new ContextFree();
        Wait(cache.ClearAsync(cancellationToken));
    }

    // What is under way must be a task to be waited for.
    private static T Wait<T>(ValueTask<T> call) => call.IsCompleted ? call.GetAwaiter().GetResult() : call.AsTask().GetAwaiter().GetResult();

    private static void Wait(ValueTask call)
    {
        if (call.IsCompleted)
        {
            call.GetAwaiter().GetResult();
        }
        else
        {
            call.AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>
    /// The library needs no context, but a store, or what a factory calls, may come back to it: to the thread that is blocked.
    /// </summary>
    private readonly ref struct ContextFree
    {
        private readonly SynchronizationContext? _context;

        public ContextFree()
        {
            _context = SynchronizationContext.Current;
            if (_context is not null)
            {
                SynchronizationContext.SetSynchronizationContext(null);
            }
        }

        public void Dispose()
        {
            if (_context is not null)
            {
                SynchronizationContext.SetSynchronizationContext(_context);
            }
        }
    }
}
