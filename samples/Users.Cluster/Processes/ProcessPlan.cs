namespace Users.Cluster.Processes;

/// <summary>A process that the cluster is to keep running.</summary>
/// <param name="Name">Its name, such as <c>web1</c>.</param>
/// <param name="Description">What it is.</param>
/// <param name="Key">The key that kills it, and starts it again.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Assembly">The path of its program.</param>
/// <param name="Arguments">Its command line.</param>
internal sealed record ProcessPlan(string Name, string Description, char Key, Uri Address, string Assembly, IReadOnlyList<string> Arguments)
{
    /// <summary>Environment variables that it gets besides the cluster's own; the place for what a list of processes must not show.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}
