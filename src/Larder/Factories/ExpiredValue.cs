namespace Larder.Factories;

/// <summary>The value that the cache had, for a factory that can ask the origin whether it has changed.</summary>
internal sealed record ExpiredValue<T>(T Value, string? ETag, DateTimeOffset? LastModified, string[]? Tags);
