using Users.Web.Models;
using Users.Web.Services;

namespace App.Users;

/// <summary>The origin's list, for the page too, which otherwise shows what is kept.</summary>
internal sealed class UncachedUsersService(IUsersService origin) : IUsersService
{
    public Task<UsersAnswer> GetAsync(CancellationToken cancellationToken) => origin.GetAsync(cancellationToken);

    public async Task<UsersAnswer?> FindKeptAsync(CancellationToken cancellationToken) => await origin.GetAsync(cancellationToken);

    public Task ForgetAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
