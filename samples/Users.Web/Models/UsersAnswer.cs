using System.Text.Json.Serialization;

namespace Users.Web.Models;

/// <summary>The users, and where this answer came from.</summary>
/// <param name="Users">The users, in the service's order.</param>
/// <param name="Source">Where the answer came from.</param>
/// <param name="Age">How long ago the service gave it; <see langword="null"/> if unknown.</param>
/// <param name="ExpiresIn">How long it is kept if nobody asks for it any more; <see langword="null"/> if it is not kept, or for ever.</param>
public sealed record UsersAnswer(IReadOnlyList<User> Users, UsersSource Source, TimeSpan? Age, TimeSpan? ExpiresIn);

/// <summary>Where an answer came from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UsersSource>))]
public enum UsersSource
{
    /// <summary>The users service, called for this very answer.</summary>
    Origin,

    /// <summary>The users service, by a call that another request was making at the time, on this server or another.</summary>
    SharedCall,

    /// <summary>This server's memory.</summary>
    L1,

    /// <summary>The store that all servers share.</summary>
    L2,
}
