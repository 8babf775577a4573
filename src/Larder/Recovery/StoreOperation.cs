namespace Larder.Recovery;

/// <summary>The operations of L2.</summary>
internal enum StoreOperation
{
    Read,
    ReadTags,
    Lease,
    Renew,
    Release,
    Commit,
    Touch,
    Set,
    Remove,
    Expire,
    InvalidateTags,
    Pulse,
    Start,
    Inspect,
}

/// <summary>What an operation is called, and how long it may take.</summary>
internal static class StoreOperations
{
    private static readonly string[] Names =
    [
        "read", "read_tags", "lease", "renew", "release", "commit", "touch", "set", "remove", "expire", "invalidate_tags", "pulse", "start", "inspect",
    ];

    public static string Name(this StoreOperation operation) => Names[(int)operation];

    /// <summary>The time-out of its class.</summary>
    public static TimeSpan TimeoutOf(this LarderOptions options, StoreOperation operation) => operation switch
    {
        StoreOperation.Read or StoreOperation.ReadTags or StoreOperation.Inspect => options.Store.ReadTimeout,
        StoreOperation.Pulse or StoreOperation.Start => null,
        StoreOperation.Set or StoreOperation.Remove or StoreOperation.Expire or StoreOperation.InvalidateTags => options.Store.InvalidationTimeout,
        _ => options.Store.WriteTimeout,
    } ?? options.StoreTimeout;
}
