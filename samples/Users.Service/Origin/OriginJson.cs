using System.Text.Json.Serialization;

namespace Users.Service;

/// <summary>One user, as the service answers it: <c>{"id":1,"email":"...","first_name":"...","last_name":"..."}</c>.</summary>
internal sealed record OriginUser(int Id, string Email, string FirstName, string LastName);

/// <summary>The list: <c>{"data":[...]}</c>.</summary>
internal sealed record OriginPage(IReadOnlyList<OriginUser> Data);

/// <summary>How often the list was asked for: <c>{"requests":n}</c>.</summary>
internal sealed record OriginStats(long Requests);

/// <summary>The service's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OriginPage))]
[JsonSerializable(typeof(OriginStats))]
internal sealed partial class OriginJson : JsonSerializerContext;
