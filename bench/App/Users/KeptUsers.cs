using System.ComponentModel;
using System.Text.Json.Serialization;
using Users.Web.Models;
using Users.Web.Services;

namespace App.Users;

/// <summary>What the variants keep that are not Larder: the list, and when the origin gave it, which their caches don't tell.</summary>
/// <param name="Users">The users.</param>
/// <param name="FetchedAt">When the origin gave them.</param>
[ImmutableObject(true)] // without it HybridCache would read JSON at each hit
internal sealed record KeptUsers(IReadOnlyList<User> Users, DateTimeOffset FetchedAt)
{
    /// <summary>The key.</summary>
    public const string Key = "_Users";

    /// <summary>How long it is kept. The sample's sliding expiration is left out: HybridCache and FusionCache have none.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Asks the origin.</summary>
    public static async Task<KeptUsers> FetchAsync(IUsersService origin, TimeProvider time, CancellationToken cancellationToken) =>
        new((await origin.GetAsync(cancellationToken)).Users, time.GetUtcNow());

    /// <summary>The answer that has as much to show as Larder's.</summary>
    public UsersAnswer ToAnswer(UsersSource source, TimeProvider time)
    {
        var age = time.GetUtcNow() - FetchedAt;
        return new(Users, source, age, Lifetime - age);
    }
}

/// <summary>The JSON of the variant that writes it itself.</summary>
[JsonSerializable(typeof(KeptUsers))]
internal sealed partial class KeptUsersJson : JsonSerializerContext;
