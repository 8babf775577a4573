namespace Larder;

/// <summary>An operation of a store failed because <see cref="LarderChaos"/> made it.</summary>
public sealed class ChaosException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ChaosException()
        : this("An operation was made to fail.")
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What failed.</param>
    public ChaosException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and its cause.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">Why.</param>
    public ChaosException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
