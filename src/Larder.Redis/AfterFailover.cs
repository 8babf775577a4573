namespace Larder;

/// <summary>What becomes of the entries when the server is not the one it was.</summary>
public enum AfterFailover
{
    /// <summary>All are invalid: the cache is cold, and no reader gets what was invalidated.</summary>
    Invalidate,

    /// <summary>
    /// They stay. Right for a server that loses nothing it has acknowledged; any other may serve what was invalidated shortly
    /// before the failover, until it expires.
    /// </summary>
    Keep,
}
