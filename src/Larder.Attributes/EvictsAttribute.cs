namespace Larder;

/// <summary>
/// When the method has succeeded, entries are removed. It must return <see cref="Task"/>, <see cref="ValueTask"/> or one of
/// these with a result. It stands on an interface's method, and takes effect by <c>AddLarderCaching</c>.
/// </summary>
/// <remarks>
/// The templates are filled in before the method runs. What it changes must be done when it returns: a transaction that is
/// committed after it lets a reader cache the old value in between.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EvictsAttribute : Attribute
{
    /// <summary>Templates of keys, as <see cref="CachedAttribute(string)"/> has them: <c>users:{id}</c>, <c>users:{user.Id}</c>.</summary>
    /// <value>Default: none.</value>
    public string[] Keys { get; set; } = [];

    /// <summary>Templates of tags; <c>*</c> stands for every entry of the cache.</summary>
    /// <value>Default: none.</value>
    public string[] Tags { get; set; } = [];
}
