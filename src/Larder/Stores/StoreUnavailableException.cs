namespace Larder.Stores;

/// <summary>
/// A store can't be reached. The cache then goes on without it until a pulse succeeds; any other exception concerns the
/// one operation that threw it.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    public StoreUnavailableException()
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What can't be reached.</param>
    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and its cause.</summary>
    /// <param name="message">What can't be reached.</param>
    /// <param name="innerException">Why.</param>
    public StoreUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
