using Larder.Chaos.Faults;
using Larder.Stores;

namespace Larder.Chaos.Stores;

/// <summary>One that does both.</summary>
internal sealed class FullChaosStore(
    ILarderStore store, IKeyScanner scanner, INodeMessenger messenger, LarderChaos chaos, TimeProvider time)
    : TalkingChaosStore(store, messenger, chaos, time), IKeyScanner
{
    public ValueTask<KeyScan> ScanAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken) =>
        Run(OperationClass.Read, () => scanner.ScanAsync(prefix, cursor, count, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<EntryHeader?>> ReadHeadersAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        Run(OperationClass.Read, () => scanner.ReadHeadersAsync(keys, cancellationToken), cancellationToken);
}
