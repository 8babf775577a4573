using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Larder.Diagnostics;

/// <summary>Something that takes time, from its beginning on; nothing where nobody listens.</summary>
internal readonly struct Timing(Activity? activity, bool isMeasured)
{
    private readonly long _start = isMeasured ? Stopwatch.GetTimestamp() : 0;

    /// <summary>The time since its beginning; zero where nothing is measured.</summary>
    public TimeSpan Elapsed => _start == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_start);

    public bool IsIdle => _start == 0 && activity is null;

    public void End(Histogram<double> histogram, in TagList tags, string? error)
    {
        if (_start != 0)
        {
            histogram.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, tags);
        }

        if (error is not null)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error);
        }

        activity?.Dispose();
    }
}
