using System.Text;
using CsCheck;
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

    private static readonly Gen<TimeSpan?> Duration = Gen.OneOf(
        Gen.Const((TimeSpan?)null), Gen.Long[1, TimeSpan.MaxValue.Ticks].Select(static ticks => (TimeSpan?)new TimeSpan(ticks)));

    private static readonly Gen<byte[]> Written = Gen.Select(
        Gen.Byte.Array[0, 200],
        Duration,
        Duration,
        Gen.String.Array[0, 4],
        Gen.String.Null(),
        static (payload, expiration, retention, tags, etag) => Blob(new StoreWrite
        {
            Payload = payload,
            Expiration = expiration,
            Retention = retention,
            Stamp = new TagStamp("generation", 42),
            Tags = tags.Length == 0 ? null : tags,
            ETag = etag,
        }));

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.OneOf(
        Gen.Select(Gen.Double.Unit, Gen.Int[0, 7], static (at, bit) => new Func<byte[], byte[]>(bytes => Flip(bytes, at, bit))),
        Gen.Select(Gen.Double.Unit, Gen.Byte.Array[1, 20], static (at, more) => new Func<byte[], byte[]>(bytes => Overwrite(bytes, at, more))),
        Gen.Double.Unit.Select(static at => new Func<byte[], byte[]>(bytes => bytes[..(int)(at * bytes.Length)])),
        Gen.Double.Unit.Select(static at => new Func<byte[], byte[]>(bytes => bytes[(int)(at * bytes.Length)..])),
        Gen.Byte.Array[0, 300].Select(static foreign => new Func<byte[], byte[]>(_ => foreign)));

    [Fact]
    public void Read_OfWhatWasWritten_Everything()
    {
        var entry = EntryEnvelope.Read("key", Blob(), Now + TimeSpan.FromMinutes(4));

        Assert.NotNull(entry);
        Assert.Equal("payload", Encoding.UTF8.GetString(entry!.Payload.Span));
        Assert.Equal("a:1", entry!.Version);
        Assert.Equal(TimeSpan.FromMinutes(6), entry!.ExpiresIn);
        Assert.Equal(TimeSpan.FromMinutes(4), entry!.Age);
        Assert.Equal(Write.SlidingExpiration, entry!.SlidingExpiration);
        Assert.Equal(Write.Stamp, entry!.Stamp);
        Assert.Equal(Write.Tags, entry!.Tags);
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

        Assert.Equal("payload", Encoding.UTF8.GetString(EntryEnvelope.Read("key", padded, Now)!.Payload.Span));
    }

    [Fact]
    public void Read_AnyDamage_NullOrWhatWasWritten() => Gen.Select(Written, Mutation, Mutation).Sample(
        static (written, mutate, again) =>
        {
            var damaged = again(mutate(written));
            return damaged.AsSpan().StartsWith(written) || EntryEnvelope.Read("key", damaged, Now) is null;
        },
        iter: 100_000);

    [Fact]
    public void Read_AnyDamageOfATagStamp_NullOrWhatWasWritten() => Gen.Select(Gen.Long[0, long.MaxValue], Mutation).Sample(
        static (number, mutate) =>
        {
            var written = TagStampEnvelope.Write(new TagStamp("generation", number)).ToArray();
            var damaged = mutate(written);
            return damaged.AsSpan().StartsWith(written) || TagStampEnvelope.Read(damaged) is null;
        },
        iter: 100_000);

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

        Assert.Equal(TimeSpan.Zero, entry!.Age);
        Assert.Equal(TimeSpan.FromMinutes(10), entry!.ExpiresIn);
    }

    [Fact]
    public void Read_WithoutExpiration_NeverEnds()
    {
        var blob = Blob(Write with { Expiration = null, SlidingExpiration = null });

        var entry = EntryEnvelope.Read("key", blob, DateTimeOffset.MaxValue);

        Assert.NotNull(entry);
        Assert.Null(entry!.ExpiresIn);
        Assert.Null(entry!.SlidingExpiration);
    }

    private static byte[] Flip(byte[] bytes, double at, int bit)
    {
        byte[] flipped = [.. bytes];
        if (flipped.Length > 0)
        {
            flipped[(int)(at * flipped.Length)] ^= (byte)(1 << bit);
        }

        return flipped;
    }

    private static byte[] Overwrite(byte[] bytes, double at, byte[] more)
    {
        byte[] written = [.. bytes];
        var start = (int)(at * written.Length);
        more.AsSpan(0, Math.Min(more.Length, written.Length - start)).CopyTo(written.AsSpan(start));
        return written;
    }

    private static byte[] Blob() => Blob(Write);

    private static byte[] Blob(StoreWrite write) => [.. EntryEnvelope.Write("key", "a:1", Now, write).Span, .. write.Payload.Span];
}
