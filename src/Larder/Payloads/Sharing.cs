using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Reflection;

namespace Larder.Payloads;

/// <summary>
/// Which values all hits may share: those that nobody can change. A type is immutable if it is a primitive, a string or a
/// well-known immutable type; if it is marked <c>[ImmutableObject(true)]</c>; or if it is sealed, or the very type of the
/// value, and each of its instance fields, inherited ones included, is read-only (an <c>init</c> or <c>get</c> property's
/// field is) and of an immutable type. A field declared as a class that is not sealed counts if that class is immutable by
/// the same rule: a mutable subclass in it would go unnoticed, which is for the app to mark with
/// <c>[ImmutableObject(false)]</c>. Arrays, mutable collections, interfaces and <see cref="object"/> are never immutable.
/// </summary>
internal static class Sharing
{
    private static readonly ConcurrentDictionary<Type, bool> Known = new();

    private static readonly FrozenSet<Type> Simple = new[]
    {
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(BigInteger), typeof(Half), typeof(Int128), typeof(UInt128), typeof(Complex),
        typeof(Index), typeof(Range),
    }.ToFrozenSet();

    // Immutable if their arguments are.
    private static readonly FrozenSet<Type> Containers = new[]
    {
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableHashSet<>),
        typeof(ImmutableSortedSet<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableQueue<>),
        typeof(ImmutableStack<>), typeof(FrozenSet<>), typeof(FrozenDictionary<,>), typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>),
        typeof(Tuple<,,,>), typeof(Tuple<,,,,>), typeof(Tuple<,,,,,>), typeof(Tuple<,,,,,,>),
    }.ToFrozenSet();

    /// <summary>Whether hits may share this value.</summary>
    public static bool IsShareable<T>(T value) =>
        PerType<T>.IsSealedAndImmutable || value is null || (!typeof(T).IsValueType && IsImmutable(value.GetType()));

    /// <summary>Whether instances of exactly this type are immutable.</summary>
    public static bool IsImmutable(Type type) => Known.TryGetValue(type, out var isImmutable)
        ? isImmutable
        : Known.GetOrAdd(type, Examine(type, []));

    // A type that contains itself is immutable if everything else in it is: while it is examined, it counts as such.
    private static bool Examine(Type type, HashSet<Type> examined)
    {
        if (Known.TryGetValue(type, out var isImmutable))
        {
            return isImmutable;
        }

        if (type.IsPrimitive || type.IsEnum || Simple.Contains(type) || !examined.Add(type))
        {
            return true;
        }

        if (type.GetCustomAttribute<ImmutableObjectAttribute>() is { } mark)
        {
            return mark.Immutable;
        }

        if (type.IsArray || type.IsPointer || type.IsInterface || type == typeof(object) || typeof(Delegate).IsAssignableFrom(type))
        {
            return false;
        }

        // A frozen collection's own type is one of many that derive from the known one.
        for (var known = type; known is not null; known = known.BaseType)
        {
            if (known.IsGenericType && Containers.Contains(known.GetGenericTypeDefinition()))
            {
                return Array.TrueForAll(known.GetGenericArguments(), argument => Examine(argument, examined));
            }
        }

        return HasOnlyImmutableFields(type, examined);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that trimming removed is never written to.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A field that trimming removed is never written to.")]
    private static bool HasOnlyImmutableFields(Type type, HashSet<Type> examined)
    {
        for (var declaring = type; declaring is not null && declaring != typeof(object) && declaring != typeof(ValueType); declaring = declaring.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (var field in declaring.GetFields(Own))
            {
                // What a hit returns of a value type is a copy: its own fields may change, what they refer to may not.
                if ((!field.IsInitOnly && !type.IsValueType) || !Examine(field.FieldType, examined))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static class PerType<T>
    {
        public static readonly bool IsSealedAndImmutable = (typeof(T).IsValueType || typeof(T).IsSealed) && IsImmutable(typeof(T));
    }
}
