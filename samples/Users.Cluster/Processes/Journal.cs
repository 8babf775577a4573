namespace Users.Cluster.Processes;

/// <summary>What has happened in the cluster, for people to read.</summary>
internal sealed class Journal(TimeProvider time)
{
    private const int Kept = 100;

    private readonly Lock _sync = new();
    private readonly Queue<string> _lines = new();

    /// <summary>A line was written; called under the journal's lock, so that lines come in order.</summary>
    public event Action<string>? Written;

    /// <summary>How many lines have been written: while it is the same, so is the cluster.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a line, with the time of the day.</summary>
    public void Write(string text)
    {
        lock (_sync)
        {
            var line = $"{time.GetLocalNow():HH:mm:ss}  {text}";
            if (_lines.Count == Kept)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
            Count++;
            Written?.Invoke(line);
        }
    }

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Last(int count)
    {
        lock (_sync)
        {
            return [.. _lines.TakeLast(count)];
        }
    }
}
