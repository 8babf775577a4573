using System.Security.Cryptography;
using Larder.Payloads.Packing;
using Xunit;

namespace Larder.Tests.Payloads.Packing;

public sealed class AesGcmProtectorTests
{
    private static readonly string Old = Packings.NewKey();
    private static readonly string New = Packings.NewKey();

    private readonly AesGcmProtector _protector = Packings.Protector(("2026-10", Old));

    [Fact]
    public void Protect_Twice_LooksDifferentAndReadsTheSame()
    {
        var (one, two) = (_protector.Protect("secret"u8, "key"), _protector.Protect("secret"u8, "key"));

        Assert.NotEqual(one, two);
        Assert.Equal(-1, one.AsSpan().IndexOf("secret"u8));
        Assert.Equal("secret"u8.ToArray(), _protector.Unprotect(one, "key"));
        Assert.Equal("secret"u8.ToArray(), _protector.Unprotect(two, "key"));
    }

    [Fact]
    public void Unprotect_WhileKeysRotate_EachStepReadsWhatIsStored()
    {
        // 1: both servers know both keys, the old one writes. 2: the new one writes. 3: the old one is gone.
        var first = Packings.Protector(("2026-10", Old), ("2026-11", New));
        var second = Packings.Protector(("2026-11", New), ("2026-10", Old));
        var third = Packings.Protector(("2026-11", New));

        Assert.Equal([1], first.Unprotect(_protector.Protect([1], "key"), "key"));
        Assert.Equal([1], _protector.Unprotect(first.Protect([1], "key"), "key"));
        Assert.Equal([2], first.Unprotect(second.Protect([2], "key"), "key"));
        Assert.Equal([2], second.Unprotect(first.Protect([2], "key"), "key"));
        Assert.Equal([3], third.Unprotect(second.Protect([3], "key"), "key"));
    }

    [Fact]
    public void Unprotect_KeyThatIsGone_NamesItsId()
    {
        var failure = Assert.Throws<CryptographicException>(() => Packings.Protector(("2026-11", New)).Unprotect(_protector.Protect([1], "key"), "key"));

        Assert.Equal("It was encrypted with the key '2026-10', which this cache does not have.", failure.Message);
    }

    [Fact]
    public void Unprotect_AnotherKeyUnderTheSameId_IsRefused() =>
        Assert.Throws<CryptographicException>(() => Packings.Protector(("2026-10", New)).Unprotect(_protector.Protect([1], "key"), "key"));

    [Fact]
    public void Unprotect_IdInAnotherCase_IsTheSameKey() =>
        Assert.Equal([1], Packings.Protector(("KEY", Old)).Unprotect(Packings.Protector(("key", Old)).Protect([1], "k"), "k"));

    [Theory]
    [InlineData("other")]
    [InlineData("Key")]
    [InlineData("app:key")]
    [InlineData("")]
    public void Unprotect_CiphertextMovedToAnotherKey_IsRefused(string key)
    {
        var failure = Assert.Throws<CryptographicException>(() => _protector.Unprotect(_protector.Protect([1], "key"), key));

        Assert.Equal("It is not what was encrypted with the key '2026-10' for this entry.", failure.Message);
    }

    [Fact]
    public void Unprotect_CiphertextOfACacheWithAnotherPrefix_IsRefused()
    {
        var packed = Packings.Make(null, _protector, prefix: "one:").Pack([1]);

        Assert.Equal([1], Packings.Make(null, _protector, prefix: "one:").Unpack(packed)!);
        Assert.Null(Packings.Make(null, _protector, prefix: "two:").Unpack(packed));
    }

    [Fact]
    public void Unprotect_EachBitFlipped_IsRefused()
    {
        // The id's case does not count when its key is looked up, and counts in what is authenticated.
        var protector = Packings.Protector(("id", Old));
        var whole = protector.Protect([1, 2, 3], "key");
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Throws<CryptographicException>(() => protector.Unprotect(flipped, "key"));
        }
    }

    [Fact]
    public void Unprotect_EachTruncation_IsRefused()
    {
        var whole = _protector.Protect([1, 2, 3], "key");
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<CryptographicException>(() => _protector.Unprotect(whole.AsSpan(0, length), "key"));
        }
    }

    [Fact]
    public async Task Protect_ManyThreadsAtOnce_EachGetsItsOwn()
    {
        await Parallel.ForAsync(0, 2000, TestContext.Current.CancellationToken, (i, _) =>
        {
            var key = $"key {i}";
            Assert.Equal(BitConverter.GetBytes(i), _protector.Unprotect(_protector.Protect(BitConverter.GetBytes(i), key), key));
            return default;
        });
    }
}
