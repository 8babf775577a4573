using System.IO.Compression;

namespace Larder.Dashboard.Serving;

/// <summary>A file of the page, with the encodings that it was asked for in.</summary>
internal sealed class Asset(string contentType, byte[] content, string hash)
{
    // Made at the first request that wants them, and kept: a build step or a slower start would be paid for by apps that nobody looks into.
    private readonly Lazy<byte[]> _brotli = new(() => Compress(content, static stream => new BrotliStream(stream, CompressionLevel.SmallestSize)));
    private readonly Lazy<byte[]> _gzip = new(() => Compress(content, static stream => new GZipStream(stream, CompressionLevel.SmallestSize)));

    public string ContentType => contentType;

    /// <summary>The content in an encoding, with an entity tag of its own.</summary>
    /// <param name="encoding"><c>br</c>, <c>gzip</c>, or <see langword="null"/> for as it is.</param>
    public (byte[] Content, string ETag) In(string? encoding) => encoding switch
    {
        "br" => (_brotli.Value, $"\"{hash}-br\""),
        "gzip" => (_gzip.Value, $"\"{hash}-gzip\""),
        _ => (content, $"\"{hash}\""),
    };

    private static byte[] Compress(byte[] content, Func<Stream, Stream> encoder)
    {
        using var compressed = new MemoryStream();
        using (var stream = encoder(compressed))
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }
}
