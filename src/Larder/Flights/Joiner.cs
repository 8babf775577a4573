using Larder.Diagnostics;
using Larder.Factories;
using Larder.Reads;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Flights;

/// <summary>Joins flights that run already, without one of one's own.</summary>
internal sealed class Joiner(CacheNode node, FlightTable flights, Loader loader, LocalReads local)
{
    /// <summary>Joins the running flight of the key, if there is one that may be joined.</summary>
    public Flight<T>? Join<T>(in FlightKey id) => flights.Join<T>(id, node.Clock.Now);

    /// <summary>Waits for a flight that was joined; if that gives up, loads the value without it.</summary>
    public ValueTask<T> WaitAsync<TFactory, T>(Flight<T> joined, FlightTerms terms, TFactory factory, CancellationToken cancellationToken)
        where TFactory : struct, IFactory<T>
    {
        // Who can leave does so alone, and what is traced ends by itself.
        if (cancellationToken.CanBeCanceled || Telemetry.IsTraced)
        {
            return WaitAloneAsync(joined, terms, factory, cancellationToken);
        }

        if (joined.Source.Crowd is not { } crowd)
        {
            var own = new Crowd<T>(node, joined);
            crowd = joined.Source.Gather(own);
            if (ReferenceEquals(crowd, own))
            {
                _ = LeadAsync(crowd, joined, terms, factory);
            }
        }

        return crowd.TryEnter() ? new(crowd, 0) : WaitAloneAsync(joined, terms, factory, cancellationToken);
    }

    // The first of a crowd does for all what each would do alone.
    private async Task LeadAsync<TFactory, T>(Crowd<T> crowd, Flight<T> joined, FlightTerms terms, TFactory factory)
        where TFactory : struct, IFactory<T>
    {
        try
        {
            var loaded = await joined.Answer.ConfigureAwait(false);
            if (loaded.GaveUp)
            {
                crowd.Leave();
                loaded = await loader.LoadForManyAsync(new FactoryFlight<TFactory, T>(joined.Id, terms, factory)).ConfigureAwait(false);
            }

            crowd.Answer.TryComplete(loaded);
        }
        catch (Exception fault)
        {
            crowd.Answer.TryFail(fault);
        }
    }

    private async ValueTask<T> WaitAloneAsync<TFactory, T>(
        Flight<T> joined, FlightTerms terms, TFactory factory, CancellationToken cancellationToken)
        where TFactory : struct, IFactory<T>
    {
        using (var activity = node.Telemetry.BeginGet())
        {
            Loaded<T> loaded;
            try
            {
                loaded = cancellationToken.CanBeCanceled
                    ? await new ValueTask<Loaded<T>>(new Leaver<T>(joined.Source, cancellationToken), 0).ConfigureAwait(false)
                    : await joined.Answer.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                flights.Abandon(joined);
                throw;
            }

            if (!loaded.GaveUp)
            {
                node.Telemetry.Joined();
                node.Count(joined.Id.Key, loaded.Result, loaded.Tags);
                Telemetry.EndGet(activity, loaded.Result);
                return node.CopyOf(loaded, joined.Policy);
            }
        }

        joined.Leave();

        // Others that left it go on before this one, and may have the value by now.
        if (!terms.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheRead) && local.TryFind<T>(joined.Id.Key, out var found))
        {
            return found.Value!;
        }

        return await loader.LoadAsync(new FactoryFlight<TFactory, T>(joined.Id, terms, factory), cancellationToken).ConfigureAwait(false);
    }
}
