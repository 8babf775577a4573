namespace Larder;

/// <summary>Options of a cache, bound from the configuration section <c>Larder</c> and validated at start.</summary>
public sealed class LarderOptions
{
    /// <summary>
    /// The longest time for which a read on any node can return a value that was invalidated on another, whatever is
    /// lost meanwhile: messages, connections, the server, or the process's own time.
    /// </summary>
    /// <value>Default: 5 seconds. From 2 seconds (two pulses of the feed) to 1 hour.</value>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Goes in front of every key in L2, so that several caches or apps can share a server.</summary>
    /// <value>Default: empty for the default cache, its name and a colon for a named one.</value>
    public string? KeyPrefix { get; set; }

    /// <summary>This node's name, as other nodes and people see it.</summary>
    /// <value>Default: the machine's name. 1 to 64 characters, no white space and no colon.</value>
    public string NodeName { get; set; } = DefaultNodeName();

    /// <summary>How long an operation of L2 may take before the cache goes on without it, unless <see cref="Store"/> says otherwise.</summary>
    /// <value>Default: 1 second. From 1 millisecond to 1 minute.</value>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest key that is accepted; a longer one is an <see cref="ArgumentException"/>.</summary>
    /// <value>Default: 32,768 characters. From 16 to 1,048,576.</value>
    public int MaximumKeyLength { get; set; } = 32_768;

    /// <summary>The largest serialized value that is cached; a larger one is returned to its caller and logged, not cached.</summary>
    /// <value>Default: no limit. In bytes, at least 1.</value>
    public long? MaximumPayloadBytes { get; set; }

    /// <summary>
    /// What happens to an invalidation that can't reach L2: by default it is queued and retried until it is delivered, and
    /// this node's reads of the key skip L2 until then; with this option it throws <see cref="CacheUndeliveredException"/>.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool ThrowOnUndelivered { get; set; }

    /// <summary>
    /// Whether requests are also counted by the tags of their entries, in <see cref="LarderTelemetry.RequestsByTag"/>. Each tag
    /// makes time series of its own, and whoever sees the metrics sees the tags: only for a cache with few tags, none of which is
    /// the id or name of somebody.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool ReportTagMetrics { get; set; }

    /// <summary>The bounds of L1.</summary>
    public LocalOptions Local { get; set; } = new();

    /// <summary>How one node at a time runs the factory of a missing entry.</summary>
    public LeaseOptions Lease { get; set; } = new();

    /// <summary>Time-outs by the class of operation, and the breaker.</summary>
    public StoreOptions Store { get; set; } = new();

    /// <summary>
    /// Makes of a key what the log may say of it, at Debug: nothing else ever logs keys. In code only.
    /// </summary>
    /// <value>Default: the key as it is.</value>
    public Func<string, string>? KeyRedactor { get; set; }

    /// <summary>What an entry gets that its caller's options leave open.</summary>
    public LarderEntryOptions DefaultEntryOptions { get; set; } = new();

    /// <summary>
    /// The options of a key: what they set counts before <see cref="DefaultEntryOptions"/>, and after what a call sets. In code
    /// only. It is asked at each call for a key, hits included, so it must be fast, and return one of a few objects that it keeps;
    /// they can't be changed after their first use. What it throws, the call throws.
    /// </summary>
    /// <value>Default: none. It may return <see langword="null"/>, for a key without options of its own.</value>
    public Func<string, LarderEntryOptions?>? EntryOptionsFor { get; set; }

    private static string DefaultNodeName()
    {
        var name = string.Concat(Environment.MachineName.Where(c => !char.IsWhiteSpace(c) && c != ':'));
        return name.Length switch { 0 => "node", > 64 => name[..64], _ => name };
    }
}
