using Microsoft.Extensions.DependencyInjection;

namespace Larder.Factories;

/// <summary>
/// Runs factories that need a service of the app, each in a scope of its own: the scope of its caller may have ended before
/// it has, or before it has begun.
/// </summary>
/// <param name="scopes">Makes the scopes; <see langword="null"/> where there are no services.</param>
internal sealed class ServiceScopes(IServiceScopeFactory? scopes)
{
    /// <summary>Runs a factory.</summary>
    /// <param name="state">What it is run with, besides the service.</param>
    /// <param name="factory">The factory; the scope ends when it is over.</param>
    /// <param name="cancellationToken">Cancelled when no caller waits any more.</param>
    /// <exception cref="InvalidOperationException">There is no such service.</exception>
    public async ValueTask<T> RunAsync<TService, TState, T>(
        TState state, Func<TService, TState, CancellationToken, ValueTask<T>> factory, CancellationToken cancellationToken)
        where TService : notnull
    {
        if (scopes is null)
        {
            throw new InvalidOperationException($"The cache was made without services, and has no {typeof(TService)} for {nameof(LarderScopedExtensions.GetOrCreateScopedAsync)}.");
        }

        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var service = scope.ServiceProvider.GetService<TService>() ?? throw new InvalidOperationException(
                $"The service of {nameof(LarderScopedExtensions.GetOrCreateScopedAsync)} was {typeof(TService)}, which is not registered; it may be any service of the app, or {typeof(IServiceProvider)}.");
            return await factory(service, state, cancellationToken).ConfigureAwait(false);
        }
    }
}
