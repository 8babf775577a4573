using HitRatio.Workloads;

namespace HitRatio.Policies;

/// <summary>What a cache is bounded by: entries that all count one, or bytes.</summary>
/// <param name="Workload">The accesses that are to come.</param>
/// <param name="Sizes">Each key's size; the same for every policy.</param>
/// <param name="Limit">How much the entries may have together.</param>
internal sealed record Bound(Workload Workload, long[] Sizes, long Limit)
{
    private const long Overhead = 200;

    public bool IsBytes => Sizes[0] > 1;

    /// <summary>How many entries of the mean size fit: the bound of a policy that knows no sizes.</summary>
    public int Entries => (int)Math.Max(4, Limit / Sizes.Average());

    public static Bound ByEntries(Workload workload, int percent) =>
        Of(workload, percent, [.. Enumerable.Repeat(1L, workload.Keys)]);

    /// <summary>The traces have no sizes: a key's is drawn by its number, from 64 bytes to 64 KiB, each doubling as likely as the next.</summary>
    public static Bound ByBytes(Workload workload, int percent) =>
        Of(workload, percent, [.. Enumerable.Range(0, workload.Keys).Select(key => Overhead + (long)(64 * Math.Pow(2, 10 * new Random(key).NextDouble())))]);

    private static Bound Of(Workload workload, int percent, long[] sizes) => new(workload, sizes, Math.Max(4, sizes.Sum() * percent / 100));
}
