using Larder.Stores;

namespace Larder.Distributed;

/// <summary>
/// An entry as a blob of a provider. It carries everything that must not depend on the provider: its key (some fold case or
/// trim), its length (some pad or truncate), and its absolute deadline (some ignore it).
/// </summary>
/// <remarks>
/// The deadline is the writer's wall clock at the time of writing, and the duration from there. The reader compares with its
/// own wall clock: if that is ahead by d, entries live d shorter for it; if it is behind by d, at most d longer, and no longer
/// than the provider keeps them, which is given the duration too. Freshness does not depend on it: an entry's tag stamp does
/// not contain a time.
/// <para>
/// There is no sliding deadline: a touch is a refresh of the provider's, which changes its deadline and not the blob. The
/// sliding expiration is carried to tell the reader that, and how, the entry slides.
/// </para>
/// </remarks>
internal static class EntryEnvelope
{
    /// <summary>In the place of a moment: it has expired.</summary>
    private const long Expired = 0;

    public static ReadOnlyMemory<byte> Write(string key, string version, DateTimeOffset now, in StoreWrite write) =>
        Write(key, new Header
        {
            Version = version,
            Written = now.UtcTicks,
            Expiration = write.Expiration,
            Sliding = write.SlidingExpiration,
            Retention = write.Retention,
            Stamp = write.Stamp,
            Tags = write.Tags,
            ETag = write.ETag,
            Modified = write.LastModified?.UtcTicks ?? -1,
        }, write.Payload.Span);

    /// <returns><see langword="null"/> if the blob is no entry, is damaged, is another key's, or is not to be kept any longer.</returns>
    public static StoreEntry? Read(string key, ReadOnlyMemory<byte> blob, DateTimeOffset now)
    {
        if (ReadHeader(key, blob) is not var (header, range))
        {
            return null;
        }

        // A writer whose clock is ahead does not make an entry younger than new.
        var age = new TimeSpan(Math.Max(0, now.UtcTicks - header.Written));
        var left = header.Expiration - age;
        var isExpired = header.RetryAt >= 0 || left <= TimeSpan.Zero;
        TimeSpan? retained = header.Retention is null ? null : left is { } given ? Sum(given, header.Retention.Value) : TimeSpan.MaxValue;
        if ((isExpired && header.Retention is null) || retained <= TimeSpan.Zero)
        {
            return null;
        }

        return new StoreEntry
        {
            Payload = blob[range],
            Version = header.Version,
            ExpiresIn = isExpired ? new TimeSpan(Math.Max(0, header.RetryAt - now.UtcTicks)) : left,
            IsExpired = isExpired,
            RetainedFor = retained,
            SlidingExpiration = header.Sliding,
            Age = age,
            Stamp = header.Stamp,
            Tags = header.Tags,
            ETag = header.ETag,
            LastModified = header.Modified >= 0 ? new DateTimeOffset(header.Modified, TimeSpan.Zero) : null,
        };
    }

    /// <summary>
    /// The blob of an entry that has expired from now on, and is served without another attempt at the origin until a moment.
    /// </summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="blob">The entry.</param>
    /// <param name="retryAt">The moment; <see langword="null"/> for none.</param>
    /// <returns>The new head, and where in the blob the payload is; <see langword="null"/> if it is not kept past its expiration.</returns>
    public static (ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Payload)? Expire(string key, ReadOnlyMemory<byte> blob, DateTimeOffset? retryAt)
    {
        if (ReadHeader(key, blob) is not var (header, range) || header.Retention is null)
        {
            return null;
        }

        var payload = blob[range];
        return (Write(key, header with { RetryAt = retryAt?.UtcTicks ?? Expired }, payload.Span), payload);
    }

    private static ReadOnlyMemory<byte> Write(string key, in Header header, ReadOnlySpan<byte> payload)
    {
        var writer = new EnvelopeWriter(EnvelopeKind.Entry);
        writer.Write(key);
        writer.Write(header.Version);
        writer.Write(header.Written);
        writer.Write(header.Expiration);
        writer.Write(header.Sliding);
        writer.Write(header.Retention);
        writer.Write(header.RetryAt);
        writer.Write(header.Stamp.Generation);
        writer.Write(header.Stamp.Number);
        writer.Write(header.ETag);
        writer.Write(header.Modified);
        writer.Write(header.Tags?.Length ?? 0);
        foreach (var tag in header.Tags ?? [])
        {
            writer.Write(tag);
        }

        return writer.Finish(payload);
    }

    private static (Header Header, Range Payload)? ReadHeader(string key, ReadOnlyMemory<byte> blob)
    {
        var reader = new EnvelopeReader(blob.Span, EnvelopeKind.Entry);
        var entryKey = reader.ReadString();
        var header = new Header
        {
            Version = reader.ReadString(),
            Written = reader.ReadInt64(),
            Expiration = reader.ReadDuration(),
            Sliding = reader.ReadDuration(),
            Retention = reader.ReadDuration(),
            RetryAt = reader.ReadInt64(),
            Stamp = new TagStamp(reader.ReadString(), reader.ReadInt64()),
            ETag = reader.ReadString(),
            Modified = reader.ReadInt64(),
            Tags = reader.ReadStrings(),
        };
        return reader.IsIntact && entryKey == key && header.Version is not null ? (header, reader.Rest) : null;
    }

    private static TimeSpan Sum(TimeSpan one, TimeSpan other) => one > TimeSpan.MaxValue - other ? TimeSpan.MaxValue : one + other;

    private readonly record struct Header()
    {
        public string? Version { get; init; }

        /// <summary>The writer's wall clock.</summary>
        public long Written { get; init; }

        public TimeSpan? Expiration { get; init; }

        public TimeSpan? Sliding { get; init; }

        public TimeSpan? Retention { get; init; }

        /// <summary>Until when an entry that was expired is served all the same; -1 if it was not expired.</summary>
        public long RetryAt { get; init; } = -1;

        public TagStamp Stamp { get; init; }

        public string? ETag { get; init; }

        public long Modified { get; init; }

        public string[]? Tags { get; init; }
    }
}
