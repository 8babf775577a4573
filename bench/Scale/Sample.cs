using System.Diagnostics;

namespace Scale;

/// <summary>Times, or other figures, of which the median counts.</summary>
internal sealed class Sample
{
    private readonly List<double> _figures = [];

    /// <summary>The figure in the middle; NaN if there is none.</summary>
    public double Median => _figures.Count == 0 ? double.NaN : _figures.Order().ElementAt(_figures.Count / 2);

    public void Add(double figure) => _figures.Add(figure);

    /// <summary>Adds the nanoseconds of one of some operations that began at <paramref name="start"/> and are done.</summary>
    public void AddSince(long start, int operations = 1) => Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations);
}
