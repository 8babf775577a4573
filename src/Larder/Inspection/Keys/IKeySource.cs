using Larder.Stores;

namespace Larder.Inspection;

/// <summary>Where the keys of a cache are listed.</summary>
internal interface IKeySource
{
    /// <summary>Which level that is.</summary>
    CacheLevel Level { get; }

    /// <inheritdoc cref="IKeyScanner.ScanAsync"/>
    ValueTask<KeyScan> StepAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken);

    /// <summary>How large the next step should be.</summary>
    /// <param name="step">The last one.</param>
    /// <param name="found">How many of its keys were wanted.</param>
    int NextStep(int step, int found);

    /// <summary>Describes the entries of those keys that have one.</summary>
    ValueTask<IReadOnlyList<KeyRow>> DescribeAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);
}
