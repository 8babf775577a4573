using System.Diagnostics.CodeAnalysis;
using System.Text;
using Larder.Distributed;
using Larder.Stores;

namespace Larder.Backplane;

/// <summary>
/// What one node tells the others: what happened, and to which keys or tags. On the way it is an envelope
/// (<see cref="EnvelopeWriter"/>): the change (4 bytes, as <see cref="FeedChange"/> numbers them), the node's id, the tag clock
/// (its generation, or none, and 8 bytes), how many keys or tags (4 bytes) and each of them.
/// </summary>
/// <param name="Publisher">The id of the node.</param>
/// <param name="Change">What happened.</param>
/// <param name="Stamp">For <see cref="FeedChange.Tag"/>: the tag clock after it.</param>
/// <param name="Subjects">The keys; for <see cref="FeedChange.Tag"/> the tags.</param>
internal sealed record BackplaneMessage(string Publisher, FeedChange Change, TagStamp Stamp, IReadOnlyList<string> Subjects)
{
    /// <summary>How long a message may be, unless a single key or tag is longer: what brokers take, also as Base64 (PostgreSQL: 8,000 bytes).</summary>
    public const int MaximumBytes = 4096;

    private const int Overhead = 256;

    public ReadOnlyMemory<byte> Write()
    {
        var writer = new EnvelopeWriter(EnvelopeKind.Message);
        writer.Write((int)Change);
        writer.Write(Publisher);
        writer.Write(Stamp.Generation);
        writer.Write(Stamp.Number);
        writer.Write(Subjects.Count);
        foreach (var subject in Subjects)
        {
            writer.Write(subject);
        }

        return writer.Finish([]);
    }

    /// <summary>Reads a message; false if it is none, is damaged or of another version.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out BackplaneMessage? message)
    {
        var reader = new EnvelopeReader(bytes.Span, EnvelopeKind.Message);
        var change = (FeedChange)reader.ReadInt32();
        var publisher = reader.ReadString();
        var stamp = new TagStamp(reader.ReadString(), reader.ReadInt64());
        var subjects = reader.ReadStrings();
        message = reader.IsIntact && Enum.IsDefined(change) && publisher is not null && subjects is not null
            ? new(publisher, change, stamp, subjects)
            : null;
        return message is not null;
    }

    /// <summary>As few messages as the keys or tags need.</summary>
    public IEnumerable<BackplaneMessage> Split()
    {
        var room = MaximumBytes - Overhead - Encoding.UTF8.GetByteCount(Publisher);
        var (part, length) = (new List<string>(), 0);
        foreach (var subject in Subjects)
        {
            var own = sizeof(int) + Encoding.UTF8.GetByteCount(subject);
            if (part.Count > 0 && length + own > room)
            {
                yield return this with { Subjects = part };
                (part, length) = ([], 0);
            }

            part.Add(subject);
            length += own;
        }

        if (part.Count > 0)
        {
            yield return this with { Subjects = part };
        }
    }
}
