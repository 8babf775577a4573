using Larder.Stores;

namespace Larder.Inspection;

/// <summary>
/// What a person may want to know of a cache: of this node, of the other nodes, of what is in L2. It changes nothing, and
/// costs nothing while nobody asks.
/// </summary>
internal sealed class CacheInspector(LarderCache cache)
{
    /// <summary>The cache's name; empty for the default cache.</summary>
    public string CacheName => cache.Name;

    /// <summary>This node's id.</summary>
    public string NodeId => cache.NodeId;

    /// <summary>What the store can do; <see langword="null"/> if the cache has none.</summary>
    public StoreCapabilities? Capabilities => throw new NotImplementedException();

    /// <summary>What this node says of itself. Counting begins with the first question, and ends a minute after the last.</summary>
    public NodeReport Report() => throw new NotImplementedException();

    /// <summary>What all nodes say of themselves.</summary>
    /// <param name="deadline">How long to wait for them.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    public Task<NodeAnswers<NodeReport>> ReportsAsync(TimeSpan deadline, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>What all nodes know of a key.</summary>
    public Task<KeyReport> ExplainAsync(string key, TimeSpan deadline, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>What has happened on all nodes since.</summary>
    /// <param name="after">For each node that was asked before, the last number it gave.</param>
    /// <param name="deadline">How long to wait for them.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    public Task<NodeAnswers<EventBatch>> EventsAsync(
        IReadOnlyDictionary<string, long> after, TimeSpan deadline, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>What is worth a look on each node.</summary>
    public Task<NodeAnswers<Insights>> InsightsAsync(TimeSpan deadline, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Lists keys.</summary>
    public ValueTask<KeyPage> KeysAsync(KeyQuery query, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Groups the keys that begin with a prefix by their next part.</summary>
    public ValueTask<KeyTree> TreeAsync(string prefix, string? cursor, int budget, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Counts the entries of a tag.</summary>
    public ValueTask<TagCount> CountTaggedAsync(string tag, string? cursor, int budget, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Reads the value of a key; <see langword="null"/> if there is none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="limit">How many characters are enough.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public ValueTask<StoredValue?> ValueAsync(string key, int limit, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The last invalidations of tags that this node made or heard of, the newest first.</summary>
    public IReadOnlyList<TagNote> Tags() => throw new NotImplementedException();

    /// <summary>The settings in force.</summary>
    public IReadOnlyList<Setting> Settings() => throw new NotImplementedException();

    /// <summary>Settings that contradict each other, or surely don't mean what they say.</summary>
    public IReadOnlyList<string> Findings() => throw new NotImplementedException();
}
