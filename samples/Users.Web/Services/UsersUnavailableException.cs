namespace Users.Web.Services;

/// <summary>The users service did not answer, and nothing is kept that could stand in for it.</summary>
public sealed class UsersUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    public UsersUnavailableException()
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What did not answer; shown to the user.</param>
    public UsersUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and its cause.</summary>
    /// <param name="message">What did not answer; shown to the user.</param>
    /// <param name="innerException">Why.</param>
    public UsersUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
