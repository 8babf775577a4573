using Microsoft.Extensions.Caching.Hybrid;
using Users.Web.Models;
using Users.Web.Services;

namespace App.Users;

/// <summary>The users in HybridCache.</summary>
internal sealed class HybridCacheUsersService(IUsersService origin, HybridCache cache, TimeProvider time) : IUsersService
{
    private static readonly HybridCacheEntryOptions Expiry = new() { Expiration = KeptUsers.Lifetime, LocalCacheExpiration = KeptUsers.Lifetime };

    // It has no other way to look without asking the origin.
    private static readonly HybridCacheEntryOptions LookOnly = new()
    {
        Flags = HybridCacheEntryFlags.DisableUnderlyingData | HybridCacheEntryFlags.DisableLocalCacheWrite | HybridCacheEntryFlags.DisableDistributedCacheWrite,
    };

    public async Task<UsersAnswer> GetAsync(CancellationToken cancellationToken)
    {
        var kept = await cache.GetOrCreateAsync(
            KeptUsers.Key,
            (origin, time),
            static async (state, cancellationToken) => await KeptUsers.FetchAsync(state.origin, state.time, cancellationToken),
            Expiry,
            cancellationToken: cancellationToken);
        return kept.ToAnswer(UsersSource.L1, time);
    }

    public async Task<UsersAnswer?> FindKeptAsync(CancellationToken cancellationToken)
    {
        var kept = await cache.GetOrCreateAsync(
            KeptUsers.Key, static _ => ValueTask.FromResult<KeptUsers?>(null), LookOnly, cancellationToken: cancellationToken);
        return kept?.ToAnswer(UsersSource.L1, time);
    }

    public async Task ForgetAsync(CancellationToken cancellationToken) => await cache.RemoveAsync(KeptUsers.Key, cancellationToken);
}
