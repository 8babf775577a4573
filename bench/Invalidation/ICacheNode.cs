namespace Invalidation;

/// <summary>An app server with a cache.</summary>
internal interface ICacheNode : IAsyncDisposable
{
    /// <summary>Completes when it hears what others invalidate.</summary>
    Task ReadyAsync();

    /// <summary>Gets a key, from L2 or made, so that L1 has a copy.</summary>
    Task LoadAsync(string key);

    Task RemoveAsync(string key);

    /// <summary>Whether L1 would serve the key.</summary>
    bool HasCopy(string key);
}
