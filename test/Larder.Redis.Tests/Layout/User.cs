namespace Larder.Redis.Tests.Layout;

/// <summary>A value that is serialized as JSON.</summary>
public sealed record User(int Id, string Email);
