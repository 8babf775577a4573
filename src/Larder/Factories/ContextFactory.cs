using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Factories;

/// <summary>A factory that may change the options that <see cref="HybridCache"/> knows by the value.</summary>
internal readonly struct ContextFactory<TState, T>(
    TState state, Func<TState, HybridCacheEntryContext, CancellationToken, ValueTask<T>> factory) : IFactory<T>
{
    public static bool ChoosesTags => false;

    public async ValueTask<Made<T>> MakeAsync(FactoryCall call, ExpiredValue<T>? expired, CancellationToken cancellationToken)
    {
        var context = call.Policy.ToContext();
        var revision = context.Revision;
        var value = await factory(state, context, cancellationToken).ConfigureAwait(false);
        return new(value, context.Revision == revision ? call.Policy : call.Policy.With(context), call.Tags);
    }
}
