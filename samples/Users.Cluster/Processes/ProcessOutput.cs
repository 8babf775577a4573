namespace Users.Cluster.Processes;

/// <summary>The last lines that a process, and those before it in its place, have written.</summary>
internal sealed class ProcessOutput
{
    private const int Kept = 200;

    private readonly Queue<string> _lines = new();

    /// <summary>Adds a line; <see langword="null"/>, the end of the output, is none.</summary>
    public void Add(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                if (_lines.Count == Kept)
                {
                    _lines.Dequeue();
                }

                _lines.Enqueue(line);
            }
        }
    }

    /// <summary>The lines, oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }
}
