namespace Users.Cluster.Processes;

/// <summary>Finds the programs that the cluster starts.</summary>
internal static class SampleApps
{
    /// <summary>This program.</summary>
    public static string Self { get; } = typeof(SampleApps).Assembly.Location;

    /// <summary>A sample beside this one, built in the same configuration.</summary>
    /// <param name="name">The project's name.</param>
    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public static string Find(string name)
    {
        // samples/Users.Cluster/bin/Debug/net10.0/
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = framework.Parent;
        var samples = configuration?.Parent?.Parent?.Parent?.FullName ?? "";
        var path = Path.Combine(samples, name, "bin", configuration?.Name ?? "", framework.Name, $"{name}.dll");
        return File.Exists(path)
            ? path
            : throw new InvalidOperationException($"{name} is not built at {path}: run dotnet build samples/Users.Cluster in the repository.");
    }
}
