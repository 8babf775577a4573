using Larder.Flights;
using Larder.Leases;
using Larder.Policies;

namespace Larder.Batches;

/// <summary>A call for many keys at once, with one factory for all that are missing.</summary>
/// <param name="Factory">Makes the values of some of them; what it leaves out there is none of.</param>
/// <param name="Policy">The options in force.</param>
/// <param name="Tags">The tags of every entry.</param>
internal sealed record Batch<TId, T>(
    Func<IReadOnlyList<TId>, CancellationToken, ValueTask<Dictionary<TId, T>>> Factory, EntryPolicy Policy, string[]? Tags)
    where TId : notnull;

/// <summary>One key of a batch, and the flight that brings its value.</summary>
/// <param name="Id">What the caller calls it.</param>
/// <param name="Flight">The flight.</param>
internal sealed record BatchItem<TId, T>(TId Id, Flight<T> Flight)
    where TId : notnull
{
    public string Key => Flight.Id.Key;

    /// <summary>What may be done with its value.</summary>
    public Grant Grant { get; set; }

    /// <summary>Whether the factory has left it out: no value will come.</summary>
    public bool IsLeftOut { get; set; }

    /// <summary>Whether its callers have an answer.</summary>
    public bool IsAnswered => Flight.IsAnswered;
}
