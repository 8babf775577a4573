namespace Larder.Attributes.Plans;

/// <summary>How a method returns what it returns.</summary>
/// <param name="IsValueTask">Whether as a <see cref="ValueTask"/>; as a <see cref="Task"/> otherwise.</param>
/// <param name="Result">The type of its result; <see langword="null"/> if there is none.</param>
internal sealed record ReturnShape(bool IsValueTask, Type? Result)
{
    /// <summary>The shape of a method that is asynchronous; <see langword="null"/> of any other.</summary>
    public static ReturnShape? Of(Type type)
    {
        if (!type.IsGenericType)
        {
            return type == typeof(Task) || type == typeof(ValueTask) ? new(type == typeof(ValueTask), null) : null;
        }

        var kind = type.GetGenericTypeDefinition();
        return kind == typeof(Task<>) || kind == typeof(ValueTask<>)
            ? new(kind == typeof(ValueTask<>), type.GetGenericArguments()[0])
            : null;
    }
}
