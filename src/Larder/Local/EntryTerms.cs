using Larder.Stores;
using Microsoft.Extensions.Caching.Memory;

namespace Larder.Local;

/// <summary>On which terms an entry of L1 may be served; they never change.</summary>
internal readonly record struct EntryTerms()
{
    /// <summary>The trust epoch in which it was loaded.</summary>
    public long Epoch { get; init; }

    /// <summary>The tag clock before it was loaded.</summary>
    public TagStamp Stamp { get; init; }

    /// <summary>The tags that it was stored with.</summary>
    public string[]? Tags { get; init; }

    /// <summary>When its absolute expiration ends it.</summary>
    public long Deadline { get; init; } = MonotonicClock.Never;

    /// <summary>When this copy must leave L1; never later than <see cref="Deadline"/>.</summary>
    public long LocalDeadline { get; init; } = MonotonicClock.Never;

    /// <summary>The sliding expiration in milliseconds; 0 if it does not slide.</summary>
    public long Sliding { get; init; }

    /// <summary>For how many milliseconds it is kept past its expiration, for fail-safe; 0 if it is not.</summary>
    public long Retention { get; init; }

    /// <summary>
    /// Of an entry that has expired: until when it is served without another attempt at the origin, if at all;
    /// <see langword="null"/> for an entry that has not.
    /// </summary>
    public long? RetryAt { get; init; }

    /// <summary>The number of the tag clock as of which the origin is left alone until <see cref="RetryAt"/>.</summary>
    public long RetryNumber { get; init; }

    /// <summary>When a hit begins to refresh it in the background.</summary>
    public long EagerAt { get; init; } = MonotonicClock.Never;

    /// <summary>What the origin calls this version of the value, for a conditional refresh.</summary>
    public Validators? Validators { get; init; }

    /// <summary>When it was written; <see langword="null"/> if unknown.</summary>
    public long? WrittenAt { get; init; }

    /// <inheritdoc cref="LarderEntryOptions.LocalPriority"/>
    public CacheItemPriority Priority { get; init; } = CacheItemPriority.Normal;
}
