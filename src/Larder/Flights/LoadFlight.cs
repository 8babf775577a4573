using Larder.Factories;

namespace Larder.Flights;

/// <summary>A flight of one key, with a factory of its own.</summary>
internal abstract class LoadFlight<T>(FlightKey id, FlightTerms terms) : Flight<T>(id, terms)
{
    /// <summary>Whether it replaces a value that everybody goes on with meanwhile.</summary>
    public bool IsEager { get; set; }

    /// <summary>When its callers get an answer without the factory; <see langword="null"/> if they wait for that.</summary>
    public CallerDeadlines? Deadlines { get; set; }

    /// <summary>Whether the factory decides about the tags.</summary>
    public abstract bool ChoosesTags { get; }

    /// <summary>Runs the factory.</summary>
    /// <param name="expired">The value that the cache had.</param>
    public abstract ValueTask<Made<T>> MakeAsync(ExpiredValue<T>? expired);
}
