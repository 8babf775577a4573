using Users.Service;
using Users.Web.Models;
using Users.Web.Services;

namespace App.Users;

/// <summary>The origin's list in a static field.</summary>
internal sealed class StaticUsersService(TimeProvider time) : IUsersService
{
    private static readonly KeptUsers Kept = new(
        [.. OriginUsers.Page.Data.Select(static user => new User(user.Id, user.Email, user.FirstName, user.LastName))],
        TimeProvider.System.GetUtcNow());

    public Task<UsersAnswer> GetAsync(CancellationToken cancellationToken) => Task.FromResult(Kept.ToAnswer(UsersSource.L1, time));

    public Task<UsersAnswer?> FindKeptAsync(CancellationToken cancellationToken) =>
        Task.FromResult<UsersAnswer?>(Kept.ToAnswer(UsersSource.L1, time));

    public Task ForgetAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
