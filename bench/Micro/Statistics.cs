namespace Micro;

/// <summary>What is printed of the times of many turns.</summary>
internal static class Statistics
{
    /// <summary>The one in the middle; the upper of two.</summary>
    public static double Median(this IEnumerable<double> times)
    {
        double[] ordered = [.. times.Order()];
        return ordered[ordered.Length / 2];
    }
}
