using System.Text.Json.Serialization;

namespace Users.Web.Models;

/// <summary>The users service's answer: <c>{"data":[...]}</c>.</summary>
/// <param name="Data">The users.</param>
public sealed record UsersDocument([property: JsonPropertyName("data")] IReadOnlyList<User>? Data);

/// <summary>The answer of <c>GET /users</c>: the users service's, and where it came from.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="Age">How long ago the service gave it, in seconds; <see langword="null"/> if unknown.</param>
/// <param name="ExpiresIn">How long it is kept if nobody asks for it any more, in seconds.</param>
/// <param name="Server">The server that answered.</param>
/// <param name="Data">The users.</param>
public sealed record SourcedUsersDocument(
    [property: JsonPropertyName("source")] UsersSource Source,
    [property: JsonPropertyName("age")] double? Age,
    [property: JsonPropertyName("expires_in")] double? ExpiresIn,
    [property: JsonPropertyName("server")] string Server,
    [property: JsonPropertyName("data")] IReadOnlyList<User> Data);

/// <summary>The app's JSON.</summary>
[JsonSerializable(typeof(UsersDocument))]
[JsonSerializable(typeof(SourcedUsersDocument))]
[JsonSerializable(typeof(Notice))]
internal sealed partial class UsersJson : JsonSerializerContext;
