using Larder.Factories;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder;

/// <summary>Factories of a <see cref="LarderCache"/> that need a service of the app.</summary>
public static class LarderScopedExtensions
{
    /// <summary>
    /// As <c>GetOrCreateAsync</c>, with a factory that needs a service of the app. Each run of the factory has a scope of its own, which
    /// is disposed when it is over, also where it fails: it may run after its caller's scope has ended (eager refresh, a soft
    /// time-out, a caller that left). A hit makes no scope.
    /// </summary>
    /// <typeparam name="TService">The type of the service; <see cref="IServiceProvider"/> for the scope's services.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="factory">Makes the value where there is none. What it returns must not need the service.</param>
    /// <param name="options">The options; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="tags">The entry's tags.</param>
    /// <param name="cancellationToken">Cancels the waiting; the factory, when nobody waits any more.</param>
    /// <exception cref="ArgumentException">A key, tag or option is not acceptable.</exception>
    /// <exception cref="InvalidOperationException">
    /// The service is not registered: as if the factory had thrown it, so that fail-safe may have an answer.
    /// </exception>
    public static ValueTask<T> GetOrCreateScopedAsync<TService, T>(
        this LarderCache cache,
        string key,
        Func<TService, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
        where TService : notnull
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(factory);
        return cache.GetOrCreateAsync(
            key,
            (cache.Node.Scopes, factory),
            static (state, cancellationToken) => state.Scopes.RunAsync<TService, Func<TService, CancellationToken, ValueTask<T>>, T>(
                state.factory, static (service, factory, cancellationToken) => factory(service, cancellationToken), cancellationToken),
            options,
            tags,
            cancellationToken);
    }

    /// <summary>As the other overload, with a factory that can decide everything by the value, and sees the expired one.</summary>
    /// <typeparam name="TService">The type of the service; <see cref="IServiceProvider"/> for the scope's services.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="factory">Makes the value where there is none. What it returns must not need the service.</param>
    /// <param name="options">The options; <see langword="null"/> for the cache's defaults.</param>
    /// <param name="tags">The entry's tags, unless the factory chooses others.</param>
    /// <param name="cancellationToken">Cancels the waiting; the factory, when nobody waits any more.</param>
    /// <exception cref="ArgumentException">A key, tag or option is not acceptable.</exception>
    /// <exception cref="InvalidOperationException">
    /// The service is not registered: as if the factory had thrown it, so that fail-safe may have an answer.
    /// </exception>
    public static ValueTask<T> GetOrCreateScopedAsync<TService, T>(
        this LarderCache cache,
        string key,
        Func<TService, LarderEntryContext<T>, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
        where TService : notnull
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(factory);
        return cache.GetOrCreateAsync<(ServiceScopes Scopes, Func<TService, LarderEntryContext<T>, CancellationToken, ValueTask<T>> Factory), T>(
            key,
            (cache.Node.Scopes, factory),
            static (state, context, cancellationToken) => state.Scopes.RunAsync<TService, (Func<TService, LarderEntryContext<T>, CancellationToken, ValueTask<T>> Factory, LarderEntryContext<T> Context), T>(
                (state.Factory, context), static (service, state, cancellationToken) => state.Factory(service, state.Context, cancellationToken), cancellationToken),
            options,
            tags,
            cancellationToken);
    }
}
