using System.Text;
using Larder.Distributed;
using Larder.Stores;
using Xunit;

namespace Larder.Tests.Distributed;

public class EntryEnvelopeTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly StoreWrite Write = new()
    {
        Payload = "payload"u8.ToArray(),
        Expiration = TimeSpan.FromMinutes(10),
        SlidingExpiration = TimeSpan.FromMinutes(2),
        Stamp = new TagStamp("generation", 42),
        Tags = ["one", "zwei 🥫", ""],
    };

    [Fact]
    public void Read_OfWhatWasWritten_Everything()
    {
        var entry = EntryEnvelope.Read("key", Blob(), Now + TimeSpan.FromMinutes(4));

        Assert.NotNull(entry);
        Assert.Equal("payload", Encoding.UTF8.GetString(entry.Value.Payload.Span));
        Assert.Equal("a:1", entry.Value.Version);
        Assert.Equal(TimeSpan.FromMinutes(6), entry.Value.ExpiresIn);
        Assert.Equal(TimeSpan.FromMinutes(4), entry.Value.Age);
        Assert.Equal(Write.SlidingExpiration, entry.Value.SlidingExpiration);
        Assert.Equal(Write.Stamp, entry.Value.Stamp);
        Assert.Equal(Write.Tags, entry.Value.Tags);
    }

    [Fact]
    public void Read_Truncated_NullWhereverItEnds()
    {
        var blob = Blob();

        for (var length = 0; length < blob.Length; length++)
        {
            Assert.Null(EntryEnvelope.Read("key", blob.AsMemory(0, length), Now));
        }
    }

    [Fact]
    public void Read_Padded_ThePayloadAlone()
    {
        byte[] padded = [.. Blob(), 0, 1, 2, 3];

        Assert.Equal("payload", Encoding.UTF8.GetString(EntryEnvelope.Read("key", padded, Now)!.Value.Payload.Span));
    }

    [Fact]
    public void Read_AnyByteDamaged_NeverThrows()
    {
        var blob = Blob();
        foreach (var value in (byte[])[0, 1, 0x7f, 0x80, 0xff])
        {
            for (var i = 0; i < blob.Length; i++)
            {
                var damaged = blob.ToArray();
                damaged[i] = value;
                EntryEnvelope.Read("key", damaged, Now);
            }
        }
    }

    [Fact]
    public void Read_Noise_NullAndNeverThrows()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            // Half of it behind a header that looks right, so that the fields are reached.
            var noise = new byte[random.Next(300)];
            random.NextBytes(noise);
            if (i % 2 == 0)
            {
                var header = Blob().AsSpan(0, Math.Min(noise.Length, EnvelopeWriter.LengthOffset + 1));
                header.CopyTo(noise);
            }

            Assert.Null(EntryEnvelope.Read("key", noise, Now));
        }
    }

    [Fact]
    public void Read_OfAnotherKey_Null()
    {
        Assert.Null(EntryEnvelope.Read("KEY", Blob(), Now));
        Assert.Null(EntryEnvelope.Read("key ", Blob(), Now));
    }

    [Fact]
    public void Read_OfALaterFormat_Null()
    {
        var blob = Blob();
        blob[EnvelopeWriter.Magic.Length]++;

        Assert.Null(EntryEnvelope.Read("key", blob, Now));
    }

    [Fact]
    public void Read_OfATagStamp_Null() =>
        Assert.Null(EntryEnvelope.Read("key", TagStampEnvelope.Write(new TagStamp("generation", 1)), Now));

    [Fact]
    public void Read_AtTheDeadline_Null()
    {
        Assert.NotNull(EntryEnvelope.Read("key", Blob(), Now + TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1)));
        Assert.Null(EntryEnvelope.Read("key", Blob(), Now + TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void Read_ByAClockThatIsBehind_NoOlderThanNew()
    {
        var entry = EntryEnvelope.Read("key", Blob(), Now - TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.Zero, entry!.Value.Age);
        Assert.Equal(TimeSpan.FromMinutes(10), entry.Value.ExpiresIn);
    }

    [Fact]
    public void Read_WithoutExpiration_NeverEnds()
    {
        var blob = Blob(Write with { Expiration = null, SlidingExpiration = null });

        var entry = EntryEnvelope.Read("key", blob, DateTimeOffset.MaxValue);

        Assert.NotNull(entry);
        Assert.Null(entry.Value.ExpiresIn);
        Assert.Null(entry.Value.SlidingExpiration);
    }

    private static byte[] Blob() => Blob(Write);

    private static byte[] Blob(StoreWrite write) => [.. EntryEnvelope.Write("key", "a:1", Now, write).Span, .. write.Payload.Span];
}
