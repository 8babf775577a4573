namespace Larder;

/// <summary>
/// What the method returns is cached, by its arguments; it must return <see cref="Task{TResult}"/> or
/// <see cref="ValueTask{TResult}"/>. It stands on an interface's method, and takes effect by <c>AddLarderCaching</c>.
/// </summary>
/// <remarks>
/// Each argument is a part of the key, unless it has <see cref="NotInKeyAttribute"/> or is a <see cref="CancellationToken"/>,
/// which is passed on; and is a string, a character, a <see cref="bool"/>, a number, an enum, a <see cref="Guid"/>, a date or
/// a time, or one of these that may be <see langword="null"/>. Of any other type, a template names properties of such types.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CachedAttribute : Attribute
{
    /// <summary>Caches under a key of the interface, the method and all arguments.</summary>
    public CachedAttribute()
    {
    }

    /// <summary>Caches under a key of your own.</summary>
    /// <param name="key">
    /// The key, with arguments, or properties of them, in braces: <c>users:{id}</c>, <c>orders:{customer.Id}:{page}</c>. Two
    /// values must have something between them that is neither a letter, a digit nor one of <c>-._%</c>; what is so in a value
    /// is escaped, so that different values never give the same key. <c>{{</c> and <c>}}</c> are braces.
    /// </param>
    public CachedAttribute(string key) => Key = key;

    /// <summary>The template of the key.</summary>
    /// <value>Default: none, a key of the interface, the method and all arguments.</value>
    public string? Key { get; }

    /// <summary>The absolute expiration, as a <see cref="TimeSpan"/> is written: <c>00:05:00</c>.</summary>
    /// <value>Default: that of the cache. More than zero.</value>
    public string? Expiration { get; set; }

    /// <summary>Templates of the entry's tags, written as that of the key.</summary>
    /// <value>Default: none.</value>
    public string[] Tags { get; set; } = [];
}
