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
    public static ReadOnlyMemory<byte> Write(string key, string version, DateTimeOffset now, in StoreWrite write)
    {
        var writer = new EnvelopeWriter(EnvelopeKind.Entry);
        writer.Write(key);
        writer.Write(version);
        writer.Write(now.UtcTicks);
        writer.Write(write.Expiration);
        writer.Write(write.SlidingExpiration);
        writer.Write(write.Stamp.Generation);
        writer.Write(write.Stamp.Number);
        writer.Write(write.Tags?.Length ?? 0);
        foreach (var tag in write.Tags ?? [])
        {
            writer.Write(tag);
        }

        return writer.Finish(write.Payload.Length);
    }

    /// <returns><see langword="null"/> if the blob is no entry, is damaged, is another key's, or has expired.</returns>
    public static StoreEntry? Read(string key, ReadOnlyMemory<byte> blob, DateTimeOffset now)
    {
        var reader = new EnvelopeReader(blob.Span, EnvelopeKind.Entry);
        var entryKey = reader.ReadString();
        var version = reader.ReadString();
        var written = reader.ReadInt64();
        var expiration = reader.ReadDuration();
        var sliding = reader.ReadDuration();
        var stamp = new TagStamp(reader.ReadString(), reader.ReadInt64());
        var tags = reader.ReadStrings();
        if (reader.Failed || entryKey != key)
        {
            return null;
        }

        // A writer whose clock is ahead does not make an entry younger than new.
        var age = new TimeSpan(Math.Max(0, now.UtcTicks - written));
        var expiresIn = expiration - age;
        return expiresIn <= TimeSpan.Zero
            ? null
            : new StoreEntry
            {
                Payload = blob[reader.Rest],
                Version = version,
                ExpiresIn = expiresIn,
                SlidingExpiration = sliding,
                Age = age,
                Stamp = stamp,
                Tags = tags,
            };
    }
}
