namespace Users.Web.Models;

/// <summary>What the page shows.</summary>
/// <param name="Cached">The cached list; <see langword="null"/> if there is none.</param>
/// <param name="Notice">What the button that was just pressed did.</param>
/// <param name="Server">The server that answers.</param>
/// <param name="Store">What L2 is on this server; <see langword="null"/> if there is none.</param>
public sealed record UsersPage(UsersAnswer? Cached, Notice? Notice, string Server, string? Store)
{
    /// <summary>The first cached user's e-mail address.</summary>
    public string? Email => Cached is { Users: [var first, ..] } ? first.Email : null;

    /// <summary>Where this page read the list.</summary>
    public string CameFrom => Cached?.Source switch
    {
        null => "–",
        UsersSource.L1 => "L1 of this server",
        UsersSource.L2 => "L2, the shared store",
        _ => "the origin",
    };

    /// <summary>The places that this page looked at, nearest first, and what it found.</summary>
    public IReadOnlyList<Place> Places =>
    [
        new("L1", "this server", Look(UsersSource.L1), Cached?.Source is UsersSource.L1),
        new("L2", Store ?? "none", Store is null ? "–" : Look(UsersSource.L2), Cached?.Source is UsersSource.L2),
        new("Origin", "users service", OriginFinding, Notice?.Kind is NoticeKind.Fetched),
    ];

    private string OriginFinding => Notice switch
    {
        { OriginTook: { } took } => $"took {took.ToText()}",
        { Kind: NoticeKind.Failed } => "no answer",
        _ => "not called",
    };

    private string Look(UsersSource place) =>
        Cached?.Source == place ? "found here" : Cached is null || place < Cached.Source ? "nothing" : "not asked";
}

/// <summary>A place where the list can be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Finding">What came of it.</param>
/// <param name="Answered">Whether it gave the list.</param>
public sealed record Place(string Name, string Description, string Finding, bool Answered);
