namespace Larder.Stores;

/// <summary>One message of the feed.</summary>
/// <param name="Publisher">The id of the node that sent it.</param>
/// <param name="Number">
/// The publisher's running number, one more for each message but <see cref="FeedChange.Repeat"/>, which repeats the last one
/// a second after it, so that peers find out if they missed that.
/// </param>
/// <param name="Change">What happened.</param>
/// <param name="Subject">The key or, for <see cref="FeedChange.Tag"/>, the tag; empty where there is none.</param>
/// <param name="Stamp">For <see cref="FeedChange.Tag"/>: the tag clock after it.</param>
public readonly record struct FeedMessage(string Publisher, long Number, FeedChange Change, string Subject, TagStamp Stamp = default);

/// <summary>What a <see cref="FeedMessage"/> reports.</summary>
public enum FeedChange
{
    /// <summary>Nothing: what was to happen was refused, and the message only accounts for its number.</summary>
    None,

    /// <summary>Nothing: the message repeats the publisher's last number.</summary>
    Repeat,

    /// <summary>A value was set by a caller.</summary>
    Set,

    /// <summary>A value was committed under a lease.</summary>
    Commit,

    /// <summary>An entry was removed.</summary>
    Remove,

    /// <summary>An entry was expired: it stays for callers that prefer an old value to none.</summary>
    Expire,

    /// <summary>A lease was given back without a value.</summary>
    Release,

    /// <summary>A tag was invalidated.</summary>
    Tag,
}
