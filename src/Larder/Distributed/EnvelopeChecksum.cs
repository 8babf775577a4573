using System.IO.Hashing;

namespace Larder.Distributed;

/// <summary>The checksum of a blob, over all of it but itself: what a provider has damaged is a miss, not another value.</summary>
internal static class EnvelopeChecksum
{
    /// <param name="header">The blob up to its body, the checksum's own bytes included.</param>
    /// <param name="body">The rest.</param>
    public static ulong Of(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        var start = XxHash3.HashToUInt64(header[..EnvelopeWriter.ChecksumOffset]);
        var fields = XxHash3.HashToUInt64(header[EnvelopeWriter.FieldsOffset..], (long)start);
        return XxHash3.HashToUInt64(body, (long)fields);
    }
}
