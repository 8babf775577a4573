using System.Globalization;
using StackExchange.Redis;

namespace Users.Cluster;

/// <summary>What to start, from the command line.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The most app servers: each has a key of its own on the keyboard.</summary>
    public const int MaximumNodes = 16;

    /// <summary>The highest port of the load balancer; those of the processes come after it.</summary>
    public const int HighestPort = 65_000;

    /// <summary>What <c>--help</c> says.</summary>
    public const string Usage = """
        Starts an origin, a Redis-protocol server, app servers and a load balancer on this machine, until Ctrl+C.

          --nodes N          how many app servers, 1 to 16 (default: 3)
          --port P           the load balancer's port, 1 to 65000 (default: 5100); the others come after it
          --redis host:port  the Redis-protocol server to use (default: one of its own, an embedded Garnet)
          --help             this text
        """;

    /// <summary>How many app servers.</summary>
    /// <value>Default: 3. From 1 to <see cref="MaximumNodes"/>.</value>
    public int Nodes { get; init; } = 3;

    /// <summary>The load balancer's port.</summary>
    /// <value>Default: 5100. From 1 to <see cref="HighestPort"/>.</value>
    public int Port { get; init; } = 5100;

    /// <summary>The Redis-protocol server to use, as StackExchange.Redis writes it.</summary>
    /// <value>Default: none; the cluster starts one.</value>
    public string? Redis { get; init; }

    /// <summary>The same for people: without the options, which may hold a password.</summary>
    public string? RedisAddress => Redis?.Split(',')[0];

    /// <summary>Reads the command line: <c>--name value</c> or <c>--name=value</c>.</summary>
    /// <exception cref="FormatException">An argument is unknown, lacks its value, or has one that it may not have.</exception>
    public static ClusterOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ClusterOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            options = name switch
            {
                "--nodes" => options with { Nodes = Number(name, value ?? Next(), MaximumNodes) },
                "--port" => options with { Port = Number(name, value ?? Next(), HighestPort) },
                "--redis" => options with { Redis = Server(name, value ?? Next()) },
                _ => throw new FormatException($"{name} is unknown; there are --nodes N, --port P, --redis host:port and --help."),
            };

            string Next() => ++i < args.Count ? args[i] : "";
        }

        return options;
    }

    private static int Number(string name, string value, int highest) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= highest
            ? number
            : throw new FormatException($"{name} was '{value}'; it may be 1 to {highest}.");

    private static string Server(string name, string value)
    {
        try
        {
            // Of its own accord it would take anything at all for a host's name.
            if (ConfigurationOptions.Parse(value).EndPoints.Count > 0 && !value.StartsWith("--", StringComparison.Ordinal))
            {
                return value;
            }
        }
        catch (ArgumentException)
        {
        }

        throw new FormatException($"{name} was '{value}'; it may be a server's host:port, or host:port,password=... and the like.");
    }
}
