namespace Larder.Inspection;

/// <summary>What a node has done since somebody began to look. They only grow: rates are differences.</summary>
internal sealed record Counts
{
    /// <summary>Since when; what was before is not counted.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Requests answered from L1.</summary>
    public long L1Hits { get; init; }

    /// <summary>Requests answered from L2.</summary>
    public long L2Hits { get; init; }

    /// <summary>Requests answered by an expired value.</summary>
    public long StaleHits { get; init; }

    /// <summary>Requests answered by the factory, or by nothing.</summary>
    public long Misses { get; init; }

    /// <summary>Callers that shared the load of another on their node.</summary>
    public long FlightsJoined { get; init; }

    /// <summary>Loads that waited for another node's lease.</summary>
    public long LeasesAwaited { get; init; }

    /// <summary>Keys and tags invalidated by this node.</summary>
    public long InvalidationsSent { get; init; }

    /// <summary>Keys and tags invalidated by others.</summary>
    public long InvalidationsReceived { get; init; }

    /// <summary>Times that messages may have been missed.</summary>
    public long FeedLosses { get; init; }

    /// <summary>Factory runs that failed.</summary>
    public long FactoryFailures { get; init; }

    /// <summary>How long factories took.</summary>
    public Durations Factory { get; init; } = Durations.None;

    /// <summary>How long operations of L2 took, by <see cref="LarderTelemetry.OperationTag"/>.</summary>
    public IReadOnlyDictionary<string, Durations> Store { get; init; } = new Dictionary<string, Durations>();
}

/// <summary>A histogram of durations.</summary>
/// <param name="Buckets">How many were no longer than each of <see cref="BoundsMs"/>, and longer than the one before; the last: longer than all.</param>
internal sealed record Durations(IReadOnlyList<long> Buckets)
{
    /// <summary>The upper bounds of the buckets, in ms.</summary>
    public static IReadOnlyList<double> BoundsMs { get; } =
        [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10_000];

    /// <summary>No duration at all.</summary>
    public static Durations None { get; } = new(new long[BoundsMs.Count + 1]);

    /// <summary>How many.</summary>
    public long Count => Buckets.Sum();

    /// <summary>The bound, in ms, that a share of them does not exceed; <see langword="null"/> if there is none.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double? PercentileMs(double share)
    {
        var rank = Count * share;
        long seen = 0;
        for (var i = 0; i < Buckets.Count && rank > 0; i++)
        {
            seen += Buckets[i];
            if (seen >= rank)
            {
                return BoundsMs[Math.Min(i, BoundsMs.Count - 1)];
            }
        }

        return null;
    }
}
