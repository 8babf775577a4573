using Larder.Local;

namespace Larder.Factories;

/// <summary>A factory that sees the expired value, and may change everything by the new one.</summary>
internal readonly struct AdaptiveFactory<TState, T>(
    CacheNode node, TState state, Func<TState, LarderEntryContext<T>, CancellationToken, ValueTask<T>> factory) : IFactory<T>
{
    public static bool ChoosesTags => true;

    public async ValueTask<Made<T>> MakeAsync(FactoryCall call, ExpiredValue<T>? expired, CancellationToken cancellationToken)
    {
        var context = new LarderEntryContext<T>(call, expired);
        var value = await factory(state, context, cancellationToken).ConfigureAwait(false);

        // A new value of which the factory says nothing has no validators, not those of the old one.
        var isSilent = !context.IsNotModified && (context.ETag, context.LastModified) == (expired?.ETag, expired?.LastModified);
        var tags = ReferenceEquals(context.Tags, call.Tags) ? call.Tags : KeyRules.CheckEntryTags(context.Tags, node.Options.MaximumKeyLength);
        if (context.IsNotModified && expired?.Tags is { } former)
        {
            // The old value lives on: whoever removes one of its tags, now or while the factory ran, means it too.
            tags = [.. former.Union(tags ?? [], StringComparer.Ordinal)];
        }

        return new(value, node.Policies.Recompose(call.Key, context.Options), tags)
        {
            SkipCaching = context.SkipCaching,
            Validators = isSilent ? null : Validators.Of(context.ETag, context.LastModified),
        };
    }
}
