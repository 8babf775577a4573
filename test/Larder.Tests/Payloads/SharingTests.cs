using System.Collections.Frozen;
using System.Collections.Immutable;
using System.ComponentModel;
using Larder.Payloads;
using Xunit;

namespace Larder.Tests.Payloads;

public sealed class SharingTests
{
    public static TheoryData<object> Shareable =>
    [
        "text", 1, 1.5m, true, 'c', DayOfWeek.Monday, DateTimeOffset.UnixEpoch, TimeSpan.Zero, Guid.Empty, new Uri("http://example.com/"),
        new InitOnly { Name = "a", Next = new InitOnly { Name = "b" } }, new Positional("a", 1), new ReadOnlyMembers("a"), new Derived("a", 1),
        new Marked(), (1, "two"), Tuple.Create(1, "two"), KeyValuePair.Create("a", 1), ImmutableArray.Create("a"), ImmutableList.Create(1),
        new[] { "a" }.ToFrozenSet(), new Dictionary<string, int> { ["a"] = 1 }.ToFrozenDictionary(), new Changeable { Number = 1 },
    ];

    public static TheoryData<object> NotShareable =>
    [
        new Settable(), new PublicField(), new HasArray([1]), new HasList([]), new HasInterface([]), new HasObject(1), new Unmarked(),
        new InheritsMutable("a"), new[] { 1 }, new List<int>(), new Dictionary<string, int>(), new object(), ImmutableList.Create(new Settable()),
        (1, new List<int>()), new Func<int>(() => 1), new HasDelegate(() => 1), new SetOnlyPrivately("a"),
    ];

    [Theory]
    [MemberData(nameof(Shareable))]
    public void IsShareable_ImmutableValue_True(object value) => Assert.True(Sharing.IsShareable(value));

    [Theory]
    [MemberData(nameof(NotShareable))]
    public void IsShareable_ValueThatCanChange_False(object value) => Assert.False(Sharing.IsShareable(value));

    [Fact]
    public void IsShareable_Null_True() => Assert.True(Sharing.IsShareable<Settable>(null!));

    [Fact]
    public void IsShareable_ValueOfAMutableSubclass_False() => Assert.False(Sharing.IsShareable<Open>(new MutableSubclass("a")));

    [Fact]
    public void IsShareable_ValueOfAnImmutableClassThatIsNotSealed_True() => Assert.True(Sharing.IsShareable(new Open("a")));

    private sealed record Positional(string Name, int Number);

    private sealed record InitOnly
    {
        public required string Name { get; init; }

        public InitOnly? Next { get; init; }
    }

    private sealed class ReadOnlyMembers(string name)
    {
        public string Name { get; } = name;
    }

    private record Open(string Name);

    private sealed record Derived(string Name, int Number) : Open(Name);

    private sealed record MutableSubclass(string Name) : Open(Name)
    {
        public int Count { get; set; }
    }

    private class Base
    {
        public int Count { get; set; }
    }

    private sealed class InheritsMutable(string name) : Base
    {
        public string Name { get; } = name;
    }

    private sealed class Settable
    {
        public string? Name { get; set; }
    }

    private sealed class SetOnlyPrivately(string name)
    {
        public string Name { get; private set; } = name;

        public void Rename(string to) => Name = to;
    }

    private sealed class PublicField
    {
        public int Number = 1;
    }

    // A hit gets a copy of a struct: its own fields may change.
    private struct Changeable
    {
        public int Number { get; set; }
    }

    private sealed record HasArray(int[] Numbers);

    private sealed record HasList(List<int> Numbers);

    private sealed record HasInterface(IReadOnlyList<int> Numbers);

    private sealed record HasObject(object Any);

    private sealed record HasDelegate(Func<int> Any);

    [ImmutableObject(true)]
    private sealed class Marked
    {
        public List<int> Numbers { get; } = [];
    }

    [ImmutableObject(false)]
    private sealed record Unmarked;
}
