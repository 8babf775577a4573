namespace Users.Cluster.Processes;

/// <summary>What a process of the cluster does.</summary>
internal enum ProcessState
{
    /// <summary>It was killed from here, and is not started until that is asked for.</summary>
    Stopped,

    /// <summary>It runs, and does not listen yet.</summary>
    Starting,

    /// <summary>It listens.</summary>
    Running,

    /// <summary>It ended by itself, and is started again in a second.</summary>
    Restarting,
}
