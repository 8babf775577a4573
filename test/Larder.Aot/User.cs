using System.Text.Json.Serialization;

namespace Larder.Aot;

/// <summary>What the app caches.</summary>
internal sealed record User(int Id, string Name);

[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
internal sealed partial class UserJson : JsonSerializerContext;
