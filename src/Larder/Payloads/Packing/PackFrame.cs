using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Larder.Payloads.Packing;

/// <summary>What was done to a payload.</summary>
internal enum PackKind
{
    /// <summary>Nothing, but it happens to begin as a frame does.</summary>
    Raw,

    /// <summary>It was compressed.</summary>
    Compressed,

    /// <summary>It was encrypted; what comes out may be a frame again.</summary>
    Encrypted,
}

/// <summary>
/// A payload that was packed, as it is stored: <c>\0larder:pack:zip:brotli:</c>, <c>\0larder:pack:enc:aes-gcm:</c> or
/// <c>\0larder:pack:raw:</c>, and a body. No JSON and no text that people write begins with a zero byte, and what does begin
/// like a frame is put into one: reading is never ambiguous.
/// </summary>
/// <param name="Kind">What was done.</param>
/// <param name="Algorithm">The name of what did it; empty if nothing was done.</param>
/// <param name="Body">The rest.</param>
internal readonly record struct PackFrame(PackKind Kind, string Algorithm, ReadOnlyMemory<byte> Body)
{
    private const int LongestName = 32;

    private static ReadOnlySpan<byte> Magic => "\0larder:pack:"u8;

    public static bool Begins(ReadOnlySpan<byte> payload) => payload.StartsWith(Magic);

    /// <summary>Whether a name may stand in a frame; so may the id of a key.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) => name is { Length: > 0 and <= LongestName }
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>The header of a payload that only looks like a frame.</summary>
    public static byte[] RawHeader() => [.. Magic, .. Word(PackKind.Raw), (byte)':'];

    /// <summary>The header of a frame.</summary>
    /// <exception cref="InvalidOperationException">The name can't stand in a frame.</exception>
    public static byte[] Header(PackKind kind, string algorithm) => IsName(algorithm)
        ? [.. Magic, .. Word(kind), (byte)':', .. Encoding.ASCII.GetBytes(algorithm), (byte)':']
        : throw new InvalidOperationException(
            $"The name of an IPayloadCompressor or IPayloadProtector was '{algorithm}'; it may be 1 to {LongestName} ASCII letters, digits, '.', '-' or '_'.");

    /// <summary>Reads a frame; false if there is none, or none of a known kind.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> packed, out PackFrame frame)
    {
        frame = default;
        if (!Begins(packed.Span))
        {
            return false;
        }

        var rest = packed[Magic.Length..];
        if (!TryTake(ref rest, out var word) || KindOf(word) is not { } kind)
        {
            return false;
        }

        var name = "";
        if (kind != PackKind.Raw && (!TryTake(ref rest, out name) || !IsName(name)))
        {
            return false;
        }

        frame = new(kind, name, rest);
        return true;
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, out string part)
    {
        part = "";
        var end = rest.Span[..Math.Min(rest.Length, LongestName + 1)].IndexOf((byte)':');
        if (end < 0)
        {
            return false;
        }

        part = Encoding.Latin1.GetString(rest.Span[..end]);
        rest = rest[(end + 1)..];
        return true;
    }

    private static ReadOnlySpan<byte> Word(PackKind kind) => kind switch
    {
        PackKind.Raw => "raw"u8,
        PackKind.Compressed => "zip"u8,
        _ => "enc"u8,
    };

    private static PackKind? KindOf(string word) => word switch
    {
        "raw" => PackKind.Raw,
        "zip" => PackKind.Compressed,
        "enc" => PackKind.Encrypted,
        _ => null,
    };
}
