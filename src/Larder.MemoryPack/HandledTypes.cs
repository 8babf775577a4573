using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Numerics;
using MemoryPack;

namespace Larder.MemoryPack;

/// <summary>
/// The types that MemoryPack handles: marked ones, primitives, and collections and tuples of such. MemoryPack would also copy
/// the memory of any struct without references, marked or not; a field that is added to one would then be read from what an
/// older server wrote.
/// </summary>
internal static class HandledTypes
{
    private static readonly FrozenSet<Type> Simple = new[]
    {
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(BigInteger), typeof(Half), typeof(Int128), typeof(UInt128), typeof(Complex),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> Containers = new[]
    {
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(List<>), typeof(Stack<>), typeof(Queue<>), typeof(LinkedList<>), typeof(HashSet<>),
        typeof(SortedSet<>), typeof(Collection<>), typeof(ObservableCollection<>), typeof(ReadOnlyCollection<>), typeof(ConcurrentQueue<>),
        typeof(ConcurrentStack<>), typeof(ConcurrentBag<>), typeof(Dictionary<,>), typeof(SortedDictionary<,>), typeof(SortedList<,>),
        typeof(ConcurrentDictionary<,>), typeof(IEnumerable<>), typeof(ICollection<>), typeof(IReadOnlyCollection<>), typeof(IList<>),
        typeof(IReadOnlyList<>), typeof(ISet<>), typeof(IReadOnlySet<>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>), typeof(ImmutableHashSet<>),
        typeof(ImmutableSortedSet<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>), typeof(Tuple<,,,,>), typeof(Tuple<,,,,,>), typeof(Tuple<,,,,,,>),
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
        typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>),
    }.ToFrozenSet();

    public static bool Contains(Type type)
    {
        if (type.IsArray)
        {
            return type.GetArrayRank() <= 4 && Contains(type.GetElementType()!);
        }

        var isKnown = type.IsPrimitive
            || type.IsEnum
            || Simple.Contains(type)
            || type.IsDefined(typeof(MemoryPackableAttribute), inherit: false)
            || (type.IsGenericType && Containers.Contains(type.GetGenericTypeDefinition()));
        return isKnown && Array.TrueForAll(type.GetGenericArguments(), Contains);
    }
}
