using Larder.Stores;

namespace Larder.Distributed;

/// <summary>The tag clock, or a tag's last number of it, as a blob of a provider.</summary>
internal static class TagStampEnvelope
{
    public static ReadOnlyMemory<byte> Write(TagStamp stamp)
    {
        var writer = new EnvelopeWriter(EnvelopeKind.TagStamp);
        writer.Write(stamp.Generation);
        writer.Write(stamp.Number);
        return writer.Finish([]);
    }

    /// <returns><see langword="null"/> if the blob is no stamp or is damaged.</returns>
    public static TagStamp? Read(ReadOnlyMemory<byte> blob)
    {
        var reader = new EnvelopeReader(blob.Span, EnvelopeKind.TagStamp);
        var stamp = new TagStamp(reader.ReadString(), reader.ReadInt64());
        return reader.IsIntact && stamp.Generation is not null ? stamp : null;
    }
}
