using CsCheck;
using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class LinearHashingTests
{
    private static readonly Gen<int> Places = Gen.OneOf(Gen.Int[1, 300], Gen.Int[1, 1 << 30]);

    [Fact]
    public void Place_OnePlaceMore_IsTheSameUnlessTheNewOneTakesItFromItsOrigin() =>
        Gen.Select(Gen.ULong, Places).Sample((hash, places) =>
        {
            var (before, after) = (LinearHashing.Place(hash, places), LinearHashing.Place(hash, places + 1));

            Assert.InRange(before, 0, places - 1);
            Assert.Equal(before, after == places ? LinearHashing.Origin(places) : after);
        });

    [Fact]
    public void Place_HashesOfAnOrigin_AreHalvedByTheNewPlace()
    {
        for (var places = 1; places < 300; places++)
        {
            // Each combination of the bits that count, once.
            var origin = Enumerable.Range(0, 1024).Where(hash => LinearHashing.Place((ulong)hash, places) == LinearHashing.Origin(places)).ToArray();
            Assert.Equal(origin.Length / 2, origin.Count(hash => LinearHashing.Place((ulong)hash, places + 1) == places));
        }
    }
}
