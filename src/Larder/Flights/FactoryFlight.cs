using Larder.Factories;

namespace Larder.Flights;

/// <summary>A flight that runs the factory of the caller that began it.</summary>
internal sealed class FactoryFlight<TFactory, T>(FlightKey id, FlightTerms terms, TFactory factory) : LoadFlight<T>(id, terms)
    where TFactory : struct, IFactory<T>
{
    public override bool ChoosesTags => TFactory.ChoosesTags;

    public override ValueTask<Made<T>> MakeAsync(ExpiredValue<T>? expired) =>
        factory.MakeAsync(new FactoryCall(Id.Key, Policy, Tags), expired, Token);
}
