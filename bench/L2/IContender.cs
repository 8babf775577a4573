namespace L2;

/// <summary>A cache on a server.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>Whether it has the operation.</summary>
    bool Has(Operation operation);

    /// <summary>Carries out the operation once, unless it is a batch.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="key">The key, or the tag.</param>
    /// <param name="value">The value that is there, or is to be.</param>
    ValueTask RunAsync(Operation operation, string key, string value);

    /// <summary>Reads values that are in the store, by one call or, where the cache has none for it, by as many at once.</summary>
    /// <param name="keys">Their keys.</param>
    Task BatchAsync(string[] keys);
}
