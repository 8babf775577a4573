namespace Larder.Testing;

/// <summary>How a <see cref="RedisServer"/> is started.</summary>
public sealed class RedisServerOptions
{
    /// <summary>Where it keeps its files; by default a temporary directory that is deleted with the server.</summary>
    public string? Directory { get; init; }

    /// <summary>Keeps an append-only file, synchronised at each write.</summary>
    public bool AppendOnly { get; init; }

    /// <summary>When it takes snapshots, for example <c>1 1</c>: after 1 second if 1 key changed. Default: never.</summary>
    public string Save { get; init; } = "";

    /// <summary>The password that clients must give.</summary>
    public string? Password { get; init; }

    /// <summary>Further arguments, for example <c>--maxmemory</c>, <c>10mb</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
