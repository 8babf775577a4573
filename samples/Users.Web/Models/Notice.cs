using System.Text.Json.Serialization;

namespace Users.Web.Models;

/// <summary>What the page says once about the button that was just pressed.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Text">The same in words.</param>
/// <param name="OriginTook">How long the users service took, if it was called.</param>
public sealed record Notice(NoticeKind Kind, string Text, TimeSpan? OriginTook = null)
{
    /// <summary>The notice of "Cache it".</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="took">How long it took.</param>
    public static Notice Of(UsersAnswer answer, TimeSpan took) => answer.Source switch
    {
        UsersSource.Origin => new(
            NoticeKind.Fetched, $"Cached: the origin was called and answered {answer.Users.Count} users in {took.ToText()}.", took),
        UsersSource.SharedCall => new(
            NoticeKind.Kept, $"Cached: another request was calling the origin already, and its answer served this one too, in {took.ToText()}."),
        UsersSource.L1 => new(
            NoticeKind.Kept, $"Cached already: L1 of this server answered in {took.ToText()}; the origin was not called."),
        _ => new(
            NoticeKind.Kept, $"Cached already: L2 answered in {took.ToText()}; the origin was not called."),
    };
}

/// <summary>What a button did.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    /// <summary>The users service was called.</summary>
    Fetched,

    /// <summary>The list was cached already, or another request was fetching it.</summary>
    Kept,

    /// <summary>The list was removed.</summary>
    Cleared,

    /// <summary>The users service did not answer.</summary>
    Failed,
}
