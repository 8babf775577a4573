namespace Users.Cluster.Processes;

/// <summary>The processes of a cluster, and how they find each other.</summary>
internal sealed class ClusterPlan
{
    private const string NodeKeys = "123456789abcdefg";

    /// <param name="options">What to start.</param>
    /// <param name="keys">The directory with the keys that protect cookies and forms.</param>
    /// <exception cref="InvalidOperationException">A sample is not built.</exception>
    public ClusterPlan(ClusterOptions options, string keys)
    {
        var ports = new Ports(options.Port + 30);
        var (web, service) = (SampleApps.Find("Users.Web"), SampleApps.Find("Users.Service"));

        var origin = Localhost(ports.Take(options.Port + 20));
        Origin = new("origin", "the users service", 'o', origin, service, ["--urls", origin.ToString()]);

        if (options.Redis is null)
        {
            var port = ports.Take(options.Port + 21);
            var address = new Uri($"redis://localhost:{port}");
            Store = new("store", "Redis-protocol server (Garnet)", 's', address, SampleApps.Self, ["--server", $"{port}"]);
        }

        var redis = options.Redis ?? $"127.0.0.1:{Store!.Address.Port}";
        Nodes = [.. Enumerable.Range(1, options.Nodes).Select(number => Node(number, Localhost(ports.Take(options.Port + number))))];

        ProcessPlan Node(int number, Uri address) => new(
            $"web{number}",
            "app server",
            NodeKeys[number - 1],
            address,
            web,
            [
                "--urls", address.ToString(),
                $"--Larder:NodeName=web{number}",
                "--Larder:Store=Redis",
                $"--Users:Endpoint={new Uri(origin, "api/users")}",
                $"--Users:DataProtectionKeys={keys}",
            ])
        {
            Variables = new Dictionary<string, string> { ["ConnectionStrings__Redis"] = redis }, // it may hold a password
        };
    }

    /// <summary>The users service.</summary>
    public ProcessPlan Origin { get; }

    /// <summary>The Redis-protocol server; <see langword="null"/> if one was given.</summary>
    public ProcessPlan? Store { get; }

    /// <summary>The app servers.</summary>
    public IReadOnlyList<ProcessPlan> Nodes { get; }

    private static Uri Localhost(int port) => new($"http://localhost:{port}");
}
