namespace Larder.Schedules.Scenario;

/// <summary>
/// The rows of the origin, and what the contract owes each reader: a row's version must not be older than an invalidation
/// that was complete before the read began and that the reader's node made itself, or has heard of, or that is as old as
/// <see cref="LarderOptions.MaxStaleness"/>, or that a read of L2 can't miss.
/// </summary>
internal sealed class Ledger(string[] nodes, string[] keys, Func<string, ControlledFeed> feedOf, TimeProvider time)
{
    private readonly Dictionary<string, int> _rows = keys.ToDictionary(key => key, _ => 0);
    private readonly Dictionary<(string Node, string Key), int> _owed = [];
    private readonly Dictionary<string, int> _owedByStore = [];
    private readonly List<(string Node, string Key, int Version, long Sent, DateTimeOffset At)> _onTheWay = [];

    /// <summary>The first read that got something older than it was owed.</summary>
    public string? Violation { get; private set; }

    public int Row(string key) => _rows[key];

    public int Change(string key) => ++_rows[key];

    /// <summary>A node obeys an invalidation of its own, which is on its way to the others.</summary>
    public void Obey(string node, string key, int version) => Owe(node, key, version);

    /// <summary>An invalidation is complete.</summary>
    public void Complete(string node, Dictionary<string, int> changed, bool isInStore)
    {
        foreach (var (key, version) in changed)
        {
            Owe(node, key, version);
            if (isInStore)
            {
                _owedByStore[key] = Math.Max(version, _owedByStore.GetValueOrDefault(key));
            }

            _onTheWay.AddRange(nodes.Select(peer => (peer, key, version, feedOf(peer).Sent, time.GetUtcNow())));
        }
    }

    /// <summary>What a read that begins now is owed.</summary>
    public int Owed(string node, string key, bool byStore)
    {
        var tooLate = time.GetUtcNow() - new LarderOptions().MaxStaleness;
        foreach (var heard in _onTheWay.Where(entry => feedOf(entry.Node).Settled >= entry.Sent || entry.At < tooLate).ToArray())
        {
            _onTheWay.Remove(heard);
            Owe(heard.Node, heard.Key, heard.Version);
        }

        var owed = _owed.GetValueOrDefault((node, key));
        return byStore ? Math.Max(owed, _owedByStore.GetValueOrDefault(key)) : owed;
    }

    public void Check(string read, string? value, int owed)
    {
        if (value is not null && int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) < owed)
        {
            Fail($"{read} got {value}, and was owed {owed}");
        }
    }

    public void Fail(string what) => Violation ??= what;

    private void Owe(string node, string key, int version) =>
        _owed[(node, key)] = Math.Max(version, _owed.GetValueOrDefault((node, key)));
}
