namespace HitRatio.Report;

/// <summary>The hit ratios of all policies at one bound.</summary>
/// <param name="Workload">The workload's name.</param>
/// <param name="Percent">The bound, in percent of the working set.</param>
/// <param name="Ratios">The share of the accesses that hit, from 0 to 1, in the order of the policies.</param>
internal sealed record Figure(string Workload, int Percent, double[] Ratios);
