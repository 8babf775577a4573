namespace Larder;

/// <summary>
/// An invalidation did not reach L2, and <see cref="LarderOptions.ThrowOnUndelivered"/> is set: other nodes may still hold
/// what it was to invalidate. Whether L2 carried it out before the connection failed is unknown; it is safe to repeat.
/// </summary>
public sealed class CacheUndeliveredException : Exception
{
    /// <summary>Makes the exception.</summary>
    public CacheUndeliveredException()
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What was not delivered.</param>
    public CacheUndeliveredException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and its cause.</summary>
    /// <param name="message">What was not delivered.</param>
    /// <param name="innerException">Why.</param>
    public CacheUndeliveredException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
