namespace Users.Cluster.Terminal;

/// <summary>What to do next.</summary>
internal static class Hints
{
    /// <summary>Where to look.</summary>
    public static string Where(ClusterOptions options) =>
        $"Open http://localhost:{options.Port}; http://localhost:{options.Port}/cluster has buttons to kill and start each process. "
        + "Ctrl+C stops them all.";

    /// <summary>What to press.</summary>
    public const string Keys = "Press a process's key to kill it, and again to start it.";
}
