namespace Larder.Local;

/// <summary>What the origin calls a version of a value (RFC 9110, section 8.8).</summary>
internal sealed record Validators(string? ETag, DateTimeOffset? LastModified)
{
    /// <summary>Validators of what is known; <see langword="null"/> if nothing is.</summary>
    public static Validators? Of(string? etag, DateTimeOffset? lastModified) =>
        etag is null && lastModified is null ? null : new(etag, lastModified);
}
