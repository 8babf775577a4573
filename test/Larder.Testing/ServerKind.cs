namespace Larder.Testing;

/// <summary>The servers that a test can run on.</summary>
public enum ServerKind
{
    /// <summary>The <c>redis-server</c> of the machine.</summary>
    Redis,

    /// <summary>Garnet, in the test's process.</summary>
    Garnet,

    /// <summary>Garnet, in the test's process, at a Unix domain socket.</summary>
    GarnetAtSocket,
}
