using System.Globalization;

namespace Larder.Consistency;

/// <summary>What a run has counted, and what it says about the contract.</summary>
internal sealed class Report
{
    private readonly long[] _sums = new long[Enum.GetValues<Counter>().Length];
    private readonly RunOptions _options;
    private readonly int _injected;

    public Report(RunOptions options, SharedState shared, int injected)
    {
        _options = options;
        _injected = injected;
        foreach (var counter in Enum.GetValues<Counter>())
        {
            var values = Enumerable.Range(0, options.Nodes).Select(node => shared.Read(node, counter));
            _sums[(int)counter] = IsMaximum(counter) ? values.Max() : values.Sum();
        }
    }

    /// <summary>Whether no read broke the freshness contract, and none failed.</summary>
    public bool IsFresh =>
        Sum(Counter.StaleOwn) == 0
        && Sum(Counter.StaleStore) == 0
        && Sum(Counter.StaleOtherOverMaxStaleness) == 0
        && Sum(Counter.StaleAtEnd) == 0
        && Sum(Counter.FailedReads) == 0;

    public void Print()
    {
        var reads = Sum(Counter.Reads);
        Line("cache", $"{_options.Cache}, {_options.Nodes} nodes, {_options.Minutes} min, {_injected} faults, seed {_options.Seed}");
        Line("reads", $"{reads:N0}, hits {(reads == 0 ? 0 : 100 - (100.0 * Sum(Counter.FactoryRuns) / reads)):0.0} %, failed {Sum(Counter.FailedReads):N0}, slowest {Age(Counter.SlowestRead)}");
        Line("invalidations", $"{Sum(Counter.Writes):N0}, tried again {Sum(Counter.FailedWrites):N0}");
        Line("stale on own node", $"{Sum(Counter.StaleOwn):N0}{Oldest(Counter.StaleOwn, Counter.StaleOwnAge)}");
        Line("stale in L2", $"{Sum(Counter.StaleStore):N0}{Oldest(Counter.StaleStore, Counter.StaleStoreAge)}");
        Line(
            "stale on others",
            $"{Sum(Counter.StaleOther):N0}{Oldest(Counter.StaleOther, Counter.StaleOtherAge)}; " +
            $"over 50 ms: {Sum(Counter.StaleOtherOver50Milliseconds):N0}; over MaxStaleness (5 s): {Sum(Counter.StaleOtherOverMaxStaleness):N0}");
        Line("stale at the end", $"{Sum(Counter.StaleAtEnd):N0} of {SharedState.Keys * _options.Nodes:N0} keys on all nodes");
        Line("contract", IsFresh ? "kept" : "BROKEN");
    }

    private static bool IsMaximum(Counter counter) =>
        counter is Counter.StaleOwnAge or Counter.StaleStoreAge or Counter.StaleOtherAge or Counter.SlowestRead;

    private static void Line(string name, FormattableString text) => Line(name, text.ToString(CultureInfo.InvariantCulture));

    private static void Line(string name, string text) => Console.WriteLine($"{name,-18} {text}");

    private long Sum(Counter counter) => _sums[(int)counter];

    private string Age(Counter counter) => string.Create(CultureInfo.InvariantCulture, $"{Sum(counter) / 1000.0:N1} ms");

    private string Oldest(Counter count, Counter age) => Sum(count) == 0 ? string.Empty : $", oldest {Age(age)}";
}
