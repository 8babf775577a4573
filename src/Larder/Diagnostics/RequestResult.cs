namespace Larder.Diagnostics;

/// <summary>How a call that asked for a value was answered.</summary>
internal enum RequestResult
{
    /// <summary>By the factory, or by nothing.</summary>
    Miss,

    /// <summary>From L1.</summary>
    L1Hit,

    /// <summary>From L2.</summary>
    L2Hit,

    /// <summary>By an expired value.</summary>
    StaleHit,
}
