using MemoryPack;
using MessagePack;
using ProtoBuf;

namespace Larder.Payloads.Tests;

/// <summary>A type that every serializer takes.</summary>
[MessagePackObject]
[MemoryPackable]
[ProtoContract(SkipConstructor = true)]
public sealed partial record Person(
    [property: Key(0), ProtoMember(1)] string Name,
    [property: Key(1), ProtoMember(2)] int Age,
    [property: Key(2), ProtoMember(3)] IReadOnlyList<string> Notes)
{
    /// <summary>One whose payload is worth compressing, by whatever serializer.</summary>
    public static Person Ada { get; } = new("Ada Lovelace", 36, [.. Enumerable.Range(0, 400).Select(i => $"note {i} of the Analytical Engine")]);

    public bool Equals(Person? other) => other is not null && Name == other.Name && Age == other.Age && Notes.SequenceEqual(other.Notes);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A type that only JSON takes.</summary>
public sealed record Plain(int Number);
