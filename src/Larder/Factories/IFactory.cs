using Larder.Policies;

namespace Larder.Factories;

/// <summary>A caller's factory with its state. Implemented by structs, so that a hit costs nothing for it.</summary>
internal interface IFactory<T>
{
    /// <summary>Whether it decides about the tags.</summary>
    static abstract bool ChoosesTags { get; }

    /// <summary>Runs it.</summary>
    /// <param name="call">What it is run for.</param>
    /// <param name="expired">The value that the cache had, if it is one that can use it.</param>
    /// <param name="cancellationToken">Cancelled when no caller waits any more.</param>
    ValueTask<Made<T>> MakeAsync(FactoryCall call, ExpiredValue<T>? expired, CancellationToken cancellationToken);
}

/// <summary>What a factory is run for.</summary>
/// <param name="Key">The key.</param>
/// <param name="Policy">The options in force.</param>
/// <param name="Tags">The tags that its caller gave.</param>
internal readonly record struct FactoryCall(string Key, EntryPolicy Policy, string[]? Tags);
