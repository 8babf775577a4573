using Microsoft.Extensions.Configuration;

namespace Larder.Consistency;

/// <summary>What to run, from the command line: <c>--cache Larder --nodes 3 --minutes 5</c>.</summary>
internal sealed record RunOptions
{
    /// <summary>The cache under test. Default: <see cref="CacheKind.Larder"/>.</summary>
    public CacheKind Cache { get; init; } = CacheKind.Larder;

    /// <summary>How many app servers. Default: 3; from 1 to 16.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>How long reads and writes go on. Default: 1.</summary>
    public double Minutes { get; init; } = 1;

    /// <summary>The faults, separated by commas; <c>All</c> or <c>None</c>. Default: all.</summary>
    public Faults Faults { get; init; } = Faults.All;

    /// <summary>How long each of a node's three writers pauses between two invalidations, in milliseconds, on average. Default: 20.</summary>
    public int WritePause { get; init; } = 20;

    /// <summary>The order of the faults comes from it. Default: random, and printed.</summary>
    public int Seed { get; init; } = Random.Shared.Next();

    /// <summary>Turns success around: the run succeeds if the checker caught the cache. Default: false.</summary>
    public bool ExpectStale { get; init; }

    public TimeSpan Duration => TimeSpan.FromMinutes(Minutes);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">An argument is unknown or out of range.</exception>
    public static RunOptions Parse(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(args).Build();
        var names = typeof(RunOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).ToArray();
        if (configuration.AsEnumerable().FirstOrDefault(pair => !names.Contains(pair.Key, StringComparer.OrdinalIgnoreCase)) is { Key: { } unknown })
        {
            throw new ArgumentException($"--{unknown} is unknown; there are {string.Join(", ", names.Select(name => "--" + name))}.", nameof(args));
        }

        RunOptions options;
        try
        {
            options = configuration.Get<RunOptions>() ?? new RunOptions();
        }
        catch (InvalidOperationException fault)
        {
            throw new ArgumentException(
                $"{fault.Message} --Cache may be {string.Join(", ", Enum.GetNames<CacheKind>())}; --Faults {string.Join(", ", Enum.GetNames<Faults>())}.",
                nameof(args),
                fault);
        }

        return options switch
        {
            { Nodes: < 1 or > SharedState.MaximumNodes } =>
                throw new ArgumentException($"--Nodes was {options.Nodes}; it may be 1 to {SharedState.MaximumNodes}.", nameof(args)),
            { Minutes: <= 0 or > 10_000 } => throw new ArgumentException($"--Minutes was {options.Minutes}; it may be more than 0.", nameof(args)),
            { WritePause: < 1 or > 60_000 } => throw new ArgumentException($"--WritePause was {options.WritePause}; it may be 1 to 60000.", nameof(args)),
            _ => options,
        };
    }
}

/// <summary>The caches that can be put to the test.</summary>
internal enum CacheKind
{
    /// <summary>Larder on Redis.</summary>
    Larder,

    /// <summary>The same, with an L1 of a few entries: the others are on the node's disk.</summary>
    LarderOverflow,

    /// <summary>Microsoft's HybridCache over its RedisCache.</summary>
    HybridCache,

    /// <summary>FusionCache over Microsoft's RedisCache, with its Redis backplane.</summary>
    FusionCache,

    /// <summary>No cache: each read asks the origin. The checker must find nothing.</summary>
    Origin,

    /// <summary>Larder, broken on purpose: a commit is written whether its lease is there or not. The checker must find it.</summary>
    WithoutFence,

    /// <summary>Larder, broken on purpose: a node hears its echoes, and no changes. The checker must find it.</summary>
    WithoutFeed,
}

/// <summary>What is done to the nodes and the server.</summary>
[Flags]
internal enum Faults
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The server closes the connections that receive messages.</summary>
    KillSubscriptions = 1,

    /// <summary>All connections are cut.</summary>
    Cut = 2,

    /// <summary>Nothing comes through for a while, and no connection breaks.</summary>
    Stall = 4,

    /// <summary>A node is frozen (SIGSTOP) for longer than MaxStaleness, while the others go on.</summary>
    Freeze = 8,

    /// <summary>A node is killed (SIGKILL), and started again.</summary>
    KillNode = 16,

    /// <summary>The server loses everything (FLUSHALL).</summary>
    Flush = 32,

    /// <summary>The server is killed, is away for some seconds, and comes back with an old snapshot.</summary>
    OldSnapshot = 64,

    /// <summary>The server is killed, and a replica that lacks the last writes takes over its address.</summary>
    Failover = 128,

    /// <summary>All of them, in turn.</summary>
    All = KillSubscriptions | Cut | Stall | Freeze | KillNode | Flush | OldSnapshot | Failover,
}
