namespace Larder.Stores;

/// <summary>
/// What a store may implement besides <see cref="ILarderStore"/>: it lists its keys, a bounded step at a time, for those who
/// look at the cache. No read or write of the cache needs it.
/// </summary>
public interface IKeyScanner
{
    /// <summary>
    /// Takes one step through the keys of the cache. A wanted key that is there from the first step to the last is in at least one
    /// of them; one may come twice.
    /// </summary>
    /// <param name="prefix">
    /// What the wanted keys begin with, the same in all steps; empty if all are wanted. Others may be left out, where that is
    /// cheaper, or come as well.
    /// </param>
    /// <param name="cursor">Where the step before ended; <see langword="null"/> for the first.</param>
    /// <param name="count">How many keys to look at, about; what other programs keep on the server counts too.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException"><paramref name="cursor"/> is none that this store gave out.</exception>
    ValueTask<KeyScan> ScanAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken);

    /// <summary>Reads several entries without their values, in one round trip.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>For each key, in their order, the entry; <see langword="null"/> if there is none.</returns>
    ValueTask<IReadOnlyList<EntryHeader?>> ReadHeadersAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);
}

/// <summary>What one step of <see cref="IKeyScanner.ScanAsync"/> found.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Cursor">Where to go on; <see langword="null"/> at the end.</param>
/// <param name="Examined">How many keys were looked at, those of other programs too; with a prefix, about.</param>
/// <param name="Total">How many keys there are on the server, of whatever program; <see langword="null"/> if it can't tell.</param>
public sealed record KeyScan(IReadOnlyList<string> Keys, string? Cursor, long Examined, long? Total);

/// <summary>An entry without its value.</summary>
/// <param name="Entry">All but its payload, which is empty. Whether that is damaged was not looked at.</param>
/// <param name="PayloadBytes">The length of the payload.</param>
public sealed record EntryHeader(StoreEntry Entry, long PayloadBytes);
