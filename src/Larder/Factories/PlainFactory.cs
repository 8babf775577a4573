namespace Larder.Factories;

/// <summary>A factory that takes no context.</summary>
internal readonly struct PlainFactory<TState, T>(TState state, Func<TState, CancellationToken, ValueTask<T>> factory) : IFactory<T>
{
    public static bool ChoosesTags => false;

    public ValueTask<Made<T>> MakeAsync(FactoryCall call, ExpiredValue<T>? expired, CancellationToken cancellationToken)
    {
        var made = factory(state, cancellationToken);
        return made.IsCompletedSuccessfully ? new(new Made<T>(made.Result, call.Policy, call.Tags)) : AwaitAsync(made, call);
    }

    private static async ValueTask<Made<T>> AwaitAsync(ValueTask<T> made, FactoryCall call) =>
        new(await made.ConfigureAwait(false), call.Policy, call.Tags);
}
