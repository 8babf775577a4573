namespace Users.Web.Hosting;

/// <summary>What L2 can be in this app.</summary>
internal enum StoreKind
{
    /// <summary>A Redis-protocol server inside the first app that is started on the machine; the others join it.</summary>
    EmbeddedGarnet,

    /// <summary>The server of <c>ConnectionStrings:Redis</c>.</summary>
    Redis,

    /// <summary>None: each server keeps its own copy.</summary>
    Memory,
}
