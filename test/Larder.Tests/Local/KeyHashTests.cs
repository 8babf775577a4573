using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class KeyHashTests
{
    [Fact]
    public void Of_SameCharacters_IsTheSameWhereverTheyAre()
    {
        for (var length = 0; length < 40; length++)
        {
            var key = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + i)));

            Assert.Equal(KeyHash.Of(key), KeyHash.Of($"x{key}y".AsSpan(1, length)));
        }
    }

    [Fact]
    public void Of_OneCharacterOther_IsAnother()
    {
        for (var length = 1; length < 40; length++)
        {
            var key = new string('a', length);
            for (var i = 0; i < length; i++)
            {
                Assert.NotEqual(KeyHash.Of(key), KeyHash.Of($"{key[..i]}b{key[(i + 1)..]}"));
            }
        }
    }

    [Fact]
    public void Of_KeysThatDifferByANumberOrInLength_SpreadEvenly()
    {
        string[] keys =
        [
            .. Enumerable.Range(0, 8192).Select(i => $"user:{i}"),
            .. Enumerable.Range(0, 8192).Select(i => $"{i:D8}:profile"),
            .. Enumerable.Range(0, 8192).Select(i => $"{(char)i}"),
            .. Enumerable.Range(0, 8192).Select(i => new string('\0', i % 64) + i),
        ];
        var distinct = keys.Distinct().ToArray();

        // One key a bucket on average: of a random hash, 63 % of the buckets have one.
        for (var shift = 0; shift <= 32; shift += 8)
        {
            var used = distinct.Select(key => (KeyHash.Of(key) >> shift) & 0x7FFF).Distinct().Count();
            Assert.InRange(used / (32768 * (1 - Math.Exp(-distinct.Length / 32768.0))), 0.98, 1.02);
        }
    }
}
