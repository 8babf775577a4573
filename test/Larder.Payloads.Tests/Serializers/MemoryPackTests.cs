using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Payloads.Tests.Serializers;

public sealed class MemoryPackTests() : SerializerTests(mark: 0xC1)
{
    [Fact]
    public void Encode_StructThatIsNotMarked_IsJson()
    {
        // MemoryPack would copy its memory, and read another one from what an older server wrote.
        Use(Services.AddLarder());

        Assert.Equal("""{"X":1,"Y":2}""", Encoding.UTF8.GetString(Encode(new Point(1, 2))));
        Assert.Equal("""[{"X":1,"Y":2}]""", Encoding.UTF8.GetString(Encode(new[] { new Point(1, 2) })));
    }

    protected override void Use(ILarderBuilder builder) => builder.UseMemoryPack();

    private readonly record struct Point(int X, int Y);
}
