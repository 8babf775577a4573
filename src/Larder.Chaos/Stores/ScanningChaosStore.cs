using Larder.Chaos.Faults;
using Larder.Stores;

namespace Larder.Chaos.Stores;

/// <summary>One that lists its keys.</summary>
internal sealed class ScanningChaosStore(ILarderStore store, IKeyScanner scanner, LarderChaos chaos, TimeProvider time)
    : ChaosStore(store, chaos, time), IKeyScanner
{
    public ValueTask<KeyScan> ScanAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken) =>
        Run(OperationClass.Read, () => scanner.ScanAsync(prefix, cursor, count, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<EntryHeader?>> ReadHeadersAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        Run(OperationClass.Read, () => scanner.ReadHeadersAsync(keys, cancellationToken), cancellationToken);
}
