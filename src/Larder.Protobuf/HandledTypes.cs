using System.Collections.Frozen;
using ProtoBuf;
using ProtoBuf.Meta;

namespace Larder.Protobuf;

/// <summary>
/// The types that are serialized by protobuf-net. It would take more, and number the members of a type that is not marked by
/// the order of its constructor's parameters: a server with another order would read one for the other.
/// </summary>
internal sealed class HandledTypes(RuntimeTypeModel? model)
{
    private static readonly FrozenSet<Type> Containers = new[]
    {
        typeof(List<>), typeof(IList<>), typeof(IReadOnlyList<>), typeof(ICollection<>), typeof(IReadOnlyCollection<>), typeof(IEnumerable<>),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> Maps = new[]
    {
        typeof(Dictionary<,>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> MapKeys = new[]
    {
        typeof(string), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(bool),
    }.ToFrozenSet();

    // As it was given: the model adds to itself the types that it comes across later.
    private readonly FrozenSet<Type> _given = (model?.GetTypes().Cast<MetaType>().Select(static type => type.Type) ?? []).ToFrozenSet();

    public bool Contains(Type type)
    {
        if (type.IsSZArray)
        {
            return IsContract(type.GetElementType()!);
        }

        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return Containers.Contains(generic) ? IsContract(type.GenericTypeArguments[0])
            : Maps.Contains(generic) ? MapKeys.Contains(type.GenericTypeArguments[0]) && IsContract(type.GenericTypeArguments[1])
            : IsContract(type);
    }

    private bool IsContract(Type type) => type.IsDefined(typeof(ProtoContractAttribute), inherit: false) || _given.Contains(type);
}
