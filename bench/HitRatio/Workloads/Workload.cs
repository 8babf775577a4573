namespace HitRatio.Workloads;

/// <summary>A sequence of accesses.</summary>
/// <param name="Name">What it is called in tables and chart.</param>
/// <param name="Accesses">In order: the number of the key, from 0 to <paramref name="Keys"/> - 1.</param>
/// <param name="Keys">How many different keys there are: the working set.</param>
internal sealed record Workload(string Name, int[] Accesses, int Keys)
{
    /// <summary>A workload of any numbers as keys; they are numbered anew, in the order of their first access.</summary>
    public static Workload Of(string name, IEnumerable<long> accesses)
    {
        var numbers = new Dictionary<long, int>();
        var renumbered = accesses.Select(key =>
        {
            numbers.TryAdd(key, numbers.Count);
            return numbers[key];
        }).ToArray();
        return new Workload(name, renumbered, numbers.Count);
    }
}
