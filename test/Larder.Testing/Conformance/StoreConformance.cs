namespace Larder.Testing.Conformance;

/// <summary>
/// What every <see cref="Stores.ILarderStore"/> must do: inherit it once per store (and per server that it works on). Tests of
/// what a store does not claim in its <see cref="Stores.ILarderStore.Capabilities"/> are skipped.
/// </summary>
/// <remarks>One idea a file, each inheriting the one before, so that a store's test class has all of them.</remarks>
public abstract class StoreConformance : BatchConformance;
