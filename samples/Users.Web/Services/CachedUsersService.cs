using Larder;
using Users.Web.Models;

namespace Users.Web.Services;

/// <summary>The users, kept in the cache: decorates the service that asks for them.</summary>
internal sealed class CachedUsersService(IUsersService origin, LarderCache cache, LarderEntryOptions expiry) : IUsersService
{
    /// <summary>The key of the list; see it with <c>redis-cli hgetall _Users</c>.</summary>
    private const string Key = "_Users";

    public async Task<UsersAnswer> GetAsync(CancellationToken cancellationToken)
    {
        // TryGetAsync first: unlike GetOrCreateAsync, it says where it found the list.
        if (await FindKeptAsync(cancellationToken) is { } kept)
        {
            return kept;
        }

        var call = new OriginCall(origin);
        var users = await cache.GetOrCreateAsync(
            Key, call, static (call, cancellationToken) => call.RunAsync(cancellationToken), expiry, cancellationToken: cancellationToken);

        return new(users, call.WasMade ? UsersSource.Origin : UsersSource.SharedCall, TimeSpan.Zero, expiry.SlidingExpiration);
    }

    public async Task<UsersAnswer?> FindKeptAsync(CancellationToken cancellationToken)
    {
        var found = await cache.TryGetAsync<IReadOnlyList<User>>(Key, cancellationToken);
        return found is { Found: true, Value: { } users }
            ? new(users, found.Level is CacheLevel.L1 ? UsersSource.L1 : UsersSource.L2, found.Age, found.ExpiresIn)
            : null;
    }

    public async Task ForgetAsync(CancellationToken cancellationToken) => await cache.RemoveAsync(Key, cancellationToken);

    /// <summary>The factory of one request, and whether it was this one that ran.</summary>
    private sealed class OriginCall(IUsersService origin)
    {
        public bool WasMade { get; private set; }

        public async ValueTask<IReadOnlyList<User>> RunAsync(CancellationToken cancellationToken)
        {
            WasMade = true;
            var answer = await origin.GetAsync(cancellationToken);
            return answer.Users;
        }
    }
}
