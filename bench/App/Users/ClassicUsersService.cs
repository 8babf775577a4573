using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Users.Web.Models;
using Users.Web.Services;

namespace App.Users;

/// <summary>The users as JSON in the distributed cache: look, ask the origin, store.</summary>
internal sealed class ClassicUsersService(IUsersService origin, IDistributedCache cache, TimeProvider time) : IUsersService
{
    private static readonly DistributedCacheEntryOptions Expiry = new() { AbsoluteExpirationRelativeToNow = KeptUsers.Lifetime };

    public async Task<UsersAnswer> GetAsync(CancellationToken cancellationToken)
    {
        if (await FindKeptAsync(cancellationToken) is { } found)
        {
            return found;
        }

        var kept = await KeptUsers.FetchAsync(origin, time, cancellationToken);
        await cache.SetAsync(KeptUsers.Key, JsonSerializer.SerializeToUtf8Bytes(kept, KeptUsersJson.Default.KeptUsers), Expiry, cancellationToken);
        return kept.ToAnswer(UsersSource.Origin, time);
    }

    public async Task<UsersAnswer?> FindKeptAsync(CancellationToken cancellationToken) =>
        await cache.GetAsync(KeptUsers.Key, cancellationToken) is { } json
            ? JsonSerializer.Deserialize(json, KeptUsersJson.Default.KeptUsers)!.ToAnswer(UsersSource.L2, time)
            : null;

    public Task ForgetAsync(CancellationToken cancellationToken) => cache.RemoveAsync(KeptUsers.Key, cancellationToken);
}
