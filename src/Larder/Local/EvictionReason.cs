namespace Larder.Local;

/// <summary>Why an entry left L1 without having been invalidated, or never came into it.</summary>
internal enum EvictionReason
{
    /// <summary>Others needed its room.</summary>
    Capacity,

    /// <summary>It need not be kept any longer.</summary>
    Expired,

    /// <summary>The process is short of memory.</summary>
    Memory,

    /// <summary>It alone is larger than all that L1 may hold.</summary>
    TooLarge,
}
