namespace Larder;

/// <summary>What a <see cref="LarderEvent"/> reports.</summary>
public enum LarderEventKind
{
    /// <summary>A call found a value.</summary>
    Hit,

    /// <summary>A call got an expired value, by fail-safe.</summary>
    StaleHit,

    /// <summary>A call found nothing that it could use.</summary>
    Miss,

    /// <summary>A value was set by a caller.</summary>
    Set,

    /// <summary>Another node stored the value that its factory made.</summary>
    Commit,

    /// <summary>A value was removed.</summary>
    Remove,

    /// <summary>A value was expired.</summary>
    Expire,

    /// <summary>What carries a tag was removed; the subject is the tag, <c>*</c> for Clear.</summary>
    Tag,

    /// <summary>An entry was dropped from L1 for room.</summary>
    Evict,

    /// <summary>A factory failed.</summary>
    FactoryFailed,

    /// <summary>L2 does not answer.</summary>
    StoreDown,

    /// <summary>L2 answers again.</summary>
    StoreUp,

    /// <summary>Messages of the feed may have been missed: what L1 held is not believed any more.</summary>
    TrustLost,

    /// <summary>An invalidation did not reach L2, and is queued.</summary>
    Undelivered,

    /// <summary>All queued invalidations were delivered.</summary>
    Delivered,

    /// <summary>What carries a tag was expired; the subject is the tag, <c>*</c> for everything.</summary>
    ExpireTag,
}
