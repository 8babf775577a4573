using Users.Web.Models;

namespace Users.Web.Services;

/// <summary>
/// The users. Every answer says where it came from, so that whoever keeps answers can do so behind this interface.
/// </summary>
public interface IUsersService
{
    /// <summary>The users, from the nearest place that has them; the users service itself if need be.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="UsersUnavailableException">The users service did not answer.</exception>
    Task<UsersAnswer> GetAsync(CancellationToken cancellationToken);

    /// <summary>The users, if an answer is kept; never calls the users service.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<UsersAnswer?> FindKeptAsync(CancellationToken cancellationToken);

    /// <summary>Forgets the answer that is kept, on all servers.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task ForgetAsync(CancellationToken cancellationToken);
}
