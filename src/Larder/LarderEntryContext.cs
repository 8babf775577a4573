using Larder.Factories;

namespace Larder;

/// <summary>
/// What a factory is told about the entry that it makes, and what it may decide by the value: any option, the tags, whether
/// the value is cached at all, and, where an expired value is at hand, that it is still the right one (the conditional
/// request of RFC 9110, section 13).
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class LarderEntryContext<T>
{
    private readonly T? _expired;

    internal LarderEntryContext(in FactoryCall call, ExpiredValue<T>? expired)
    {
        Key = call.Key;
        Options = call.Policy.ToOptions();
        Tags = call.Tags;
        _expired = expired is null ? default : expired.Value;
        HasExpired = expired is not null;
        ETag = expired?.ETag;
        LastModified = expired?.LastModified;
    }

    /// <summary>The entry's key.</summary>
    public string Key { get; }

    /// <summary>The options in force, to be changed at will; those that belong to the call itself (time-outs, flags for reads) have had their effect.</summary>
    public LarderEntryOptions Options { get; }

    /// <summary>The tags that the entry will have. A removal by one of them while the factory runs makes it invalid from birth.</summary>
    public IEnumerable<string>? Tags { get; set; }

    /// <summary>Whether the value is not cached; its callers get it all the same.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool SkipCaching { get; set; }

    /// <summary>
    /// Whether the value that the cache had is at hand: it has expired, or is being refreshed early. It is only where
    /// <see cref="LarderEntryOptions.FailSafe"/> is on, and never after it was removed.
    /// </summary>
    public bool HasExpired { get; }

    /// <summary>That value.</summary>
    /// <exception cref="InvalidOperationException">There is none (<see cref="HasExpired"/>).</exception>
    public T Expired => HasExpired ? _expired! : throw new InvalidOperationException($"There is no expired value for the factory; {nameof(HasExpired)} says so.");

    /// <summary>What the origin calls the version of the expired value; set it to that of the value that is returned. Without quotes or with, as the origin has it.</summary>
    /// <value>Default: that of the expired value, if it had one.</value>
    public string? ETag { get; set; }

    /// <summary>When the expired value was last changed, as the origin has it; set it to that of the value that is returned.</summary>
    /// <value>Default: that of the expired value, if it had one. In Redis it is kept in whole milliseconds.</value>
    public DateTimeOffset? LastModified { get; set; }

    internal bool IsNotModified { get; private set; }

    /// <summary>The expired value is still the right one: <c>return context.NotModified();</c> caches it anew, with its validators and its tags, besides those of <see cref="Tags"/>.</summary>
    /// <exception cref="InvalidOperationException">There is none (<see cref="HasExpired"/>).</exception>
    public T NotModified()
    {
        var value = Expired;
        IsNotModified = true;
        return value;
    }
}
