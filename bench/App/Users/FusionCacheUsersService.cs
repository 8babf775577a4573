using Users.Web.Models;
using Users.Web.Services;
using ZiggyCreatures.Caching.Fusion;

namespace App.Users;

/// <summary>The users in FusionCache.</summary>
internal sealed class FusionCacheUsersService(IUsersService origin, IFusionCache cache, TimeProvider time) : IUsersService
{
    public async Task<UsersAnswer> GetAsync(CancellationToken cancellationToken)
    {
        var kept = await cache.GetOrSetAsync<KeptUsers>(
            KeptUsers.Key, (_, cancellationToken) => KeptUsers.FetchAsync(origin, time, cancellationToken), token: cancellationToken);
        return kept.ToAnswer(UsersSource.L1, time);
    }

    public async Task<UsersAnswer?> FindKeptAsync(CancellationToken cancellationToken)
    {
        var found = await cache.TryGetAsync<KeptUsers>(KeptUsers.Key, token: cancellationToken);
        return found.HasValue ? found.Value.ToAnswer(UsersSource.L1, time) : null;
    }

    public async Task ForgetAsync(CancellationToken cancellationToken) => await cache.RemoveAsync(KeptUsers.Key, token: cancellationToken);
}
