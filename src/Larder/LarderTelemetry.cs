namespace Larder;

/// <summary>
/// The names of what Larder reports to OpenTelemetry: one meter and one activity source. No key is in any of it, and no tag of an
/// entry but where <see cref="LarderOptions.ReportTagMetrics"/> asks for it.
/// </summary>
public static class LarderTelemetry
{
    /// <summary>The meter: <c>AddMeter(LarderTelemetry.MeterName)</c>.</summary>
    public const string MeterName = "Larder";

    /// <summary>The activity source: <c>AddSource(LarderTelemetry.ActivitySourceName)</c>.</summary>
    public const string ActivitySourceName = "Larder";

    /// <summary>Counter, <c>{request}</c>: calls that asked for a value, by <see cref="ResultTag"/>.</summary>
    public const string Requests = "larder.requests";

    /// <summary>
    /// Counter, <c>{request}</c>: the same by <see cref="EntryTag"/> as well, where <see cref="LarderOptions.ReportTagMetrics"/> is
    /// set. A call counts once for each tag of the entry that it got, and not at all where that had none: only
    /// <see cref="Requests"/> has the sums.
    /// </summary>
    public const string RequestsByTag = "larder.requests.by_tag";

    /// <summary>Histogram, <c>s</c>: runs of factories, by <see cref="OutcomeTag"/>.</summary>
    public const string FactoryDuration = "larder.factory.duration";

    /// <summary>Histogram, <c>s</c>: operations of L2, by <see cref="OperationTag"/> and <see cref="OutcomeTag"/>.</summary>
    public const string StoreDuration = "larder.store.duration";

    /// <summary>Counter, <c>{call}</c>: callers that shared the load of another one on this node: calls of the origin saved.</summary>
    public const string FlightsJoined = "larder.flights.joined";

    /// <summary>Counter, <c>{wait}</c>: loads that found another node's lease, and waited for its value.</summary>
    public const string LeasesAwaited = "larder.leases.awaited";

    /// <summary>Counter, <c>{invalidation}</c>: by <see cref="KindTag"/> and <see cref="DirectionTag"/>.</summary>
    public const string Invalidations = "larder.invalidations";

    /// <summary>Counter, <c>{loss}</c>: times that messages of the feed may have been missed, so that L1 was distrusted.</summary>
    public const string FeedLosses = "larder.feed.losses";

    /// <summary>Histogram, <c>s</c>: the time an echo took through the server and back.</summary>
    public const string FeedLag = "larder.feed.lag";

    /// <summary>Counter, <c>{entry}</c>: entries that left L1 without an invalidation, or were too large for it, by <see cref="ReasonTag"/>.</summary>
    public const string Evictions = "larder.local.evictions";

    /// <summary>Gauge, <c>{entry}</c>: entries in L1.</summary>
    public const string LocalEntries = "larder.local.entries";

    /// <summary>Gauge, <c>By</c>: bytes that L1 has for them.</summary>
    public const string LocalBytes = "larder.local.bytes";

    /// <summary>Counter, <c>{collection}</c>: garbage collections that L1 has called for (<see cref="LocalOptions.CollectionPauseGoal"/>).</summary>
    public const string Collections = "larder.local.collections";

    /// <summary>Counter, <c>{read}</c>: looks into the overflow for what L1 did not have, by <see cref="ResultTag"/>.</summary>
    public const string OverflowReads = "larder.overflow.reads";

    /// <summary>Gauge, <c>{entry}</c>: entries in the overflow, of a cache that has one; those count that L1 has back.</summary>
    public const string OverflowEntries = "larder.overflow.entries";

    /// <summary>Gauge, <c>By</c>: how large its files are, all together.</summary>
    public const string OverflowBytes = "larder.overflow.bytes";

    /// <summary>Gauge, <c>{invalidation}</c>: invalidations that have not reached L2.</summary>
    public const string Undelivered = "larder.undelivered";

    /// <summary>Gauge: 1 while the circuit to L2 is open, because it did not answer; otherwise 0.</summary>
    public const string StoreDown = "larder.store.down";

    /// <summary>Gauge: 1 while L1 is trusted; otherwise 0.</summary>
    public const string Trusted = "larder.trusted";

    /// <summary>Span of a call that L1 could not answer, with <see cref="CacheTag"/> and <see cref="ResultTag"/>.</summary>
    public const string GetActivity = "larder.get";

    /// <summary>Span of a factory.</summary>
    public const string FactoryActivity = "larder.factory";

    /// <summary>Span of an operation of L2, with <see cref="OperationTag"/>.</summary>
    public const string StoreActivity = "larder.store";

    /// <summary>Tag: the cache's name; empty for the default cache.</summary>
    public const string CacheTag = "larder.cache";

    /// <summary>
    /// Tag: <c>l1_hit</c> (what the overflow had counts), <c>l2_hit</c>, <c>stale_hit</c> (an expired value, by fail-safe) or
    /// <c>miss</c>; of <see cref="OverflowReads"/>: <c>hit</c>, <c>miss</c> or <c>fault</c> (the disk failed, or the value is damaged).
    /// </summary>
    public const string ResultTag = "larder.result";

    /// <summary>Tag: one of the tags of an entry, as the app has named it.</summary>
    public const string EntryTag = "larder.tag";

    /// <summary>Tag: <c>ok</c>, <c>error</c>, <c>timeout</c> or <c>cancelled</c>.</summary>
    public const string OutcomeTag = "larder.outcome";

    /// <summary>Tag: <c>read</c>, <c>lease</c>, <c>commit</c>, <c>release</c>, <c>renew</c>, <c>set</c>, <c>remove</c>, <c>expire</c>, <c>touch</c>, <c>read_tags</c>, <c>invalidate_tags</c>, <c>pulse</c>, <c>start</c> or <c>inspect</c> (somebody looks at the cache).</summary>
    public const string OperationTag = "larder.operation";

    /// <summary>Tag: <c>set</c>, <c>remove</c>, <c>expire</c>, <c>commit</c> (another node's new value), <c>tag</c> or <c>expiretag</c>.</summary>
    public const string KindTag = "larder.kind";

    /// <summary>Tag: <c>sent</c> by this node or <c>received</c> from another.</summary>
    public const string DirectionTag = "larder.direction";

    /// <summary>
    /// Tag: <c>capacity</c> (others needed its room), <c>expired</c>, <c>memory</c> (the process is short of it) or <c>too_large</c>
    /// (for L1 as a whole).
    /// </summary>
    public const string ReasonTag = "larder.reason";
}
