using System.Globalization;

namespace Larder.Redis.Protocol;

/// <summary>The field <c>ver</c> of an entry: <c>time:writer:number</c>.</summary>
internal readonly ref struct VersionField
{
    /// <summary>When it was written, by the server's clock, in microseconds since 1970.</summary>
    public required ReadOnlySpan<byte> Time { get; init; }

    /// <summary>The node that wrote it.</summary>
    public required ReadOnlySpan<byte> Writer { get; init; }

    /// <summary>The number of the node's message about it.</summary>
    public required ReadOnlySpan<byte> Number { get; init; }

    /// <summary><see cref="Time"/> in .NET ticks (100 ns since year 1).</summary>
    public required long Ticks { get; init; }

    /// <summary>Reads the field, whatever is in it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> field, out VersionField version)
    {
        version = default;
        var first = field.IndexOf((byte)':');
        var last = field.LastIndexOf((byte)':');
        if (first == last
            || !long.TryParse(field[..first], NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
            || micros > (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond)
        {
            return false;
        }

        version = new()
        {
            Time = field[..first],
            Writer = field[(first + 1)..last],
            Number = field[(last + 1)..],
            Ticks = DateTime.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond),
        };
        return true;
    }
}
