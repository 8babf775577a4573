namespace Larder.Garnet;

/// <summary>
/// Options of the embedded server, bound from the configuration section <c>Larder:Garnet</c> (of a named cache:
/// <c>Larder:{name}:Garnet</c>) and validated at start.
/// </summary>
public sealed class EmbeddedGarnetOptions
{
    /// <summary>
    /// The port on the loopback interface. If a Redis-protocol server already answers there, it is joined as a client.
    /// </summary>
    /// <value>Default: 5002. From 1 to 65,535.</value>
    public int Port { get; set; } = 5002;

    /// <summary>
    /// The path of a Unix domain socket at which the server listens in the place of the <see cref="Port"/>, which then counts for
    /// nothing; relative to the working directory. Its directory must be there. Only the user that the app runs as may connect, and
    /// what a killed process has left at the path is replaced; a file <c>{path}.lock</c> beside it stays. If a Redis-protocol server
    /// already answers there, it is joined as a client.
    /// </summary>
    /// <value>Default: none. As long as the system allows: the full path in at most 108 bytes on Linux.</value>
    public string? UnixSocket { get; set; }

    /// <summary>
    /// Where the server keeps its data, so that they survive a restart, also that of a killed process; made if it isn't
    /// there, and relative to the working directory. One server at a time uses a directory. On disk it holds up to about
    /// three times <see cref="MemorySize"/>, and at least 200 MiB when it is busy.
    /// </summary>
    /// <value>Default: none; the data are in memory only and gone with the process.</value>
    public string? DataDirectory { get; set; }

    /// <summary>The password that clients must give, and that is given to a server that is joined.</summary>
    /// <value>Default: none. At least one character.</value>
    public string? Password { get; set; }

    /// <summary>
    /// The memory that entries may take; beyond it the oldest ones that nobody reads are dropped. The index of the keys
    /// takes a sixteenth of it in addition, from 4 to 64 MiB.
    /// </summary>
    /// <value>Default: 64 MiB. In bytes, from 8 MiB to 64 GiB; rounded down to whole MiB.</value>
    public long MemorySize { get; set; } = 64L << 20;
}
