namespace Larder.Dashboard.Api;

/// <summary>What the caller may do; the page shows nothing else.</summary>
/// <param name="User">The signed-in user's name; left out if there is none.</param>
/// <param name="Environment">The host's environment: <c>Development</c>, ...</param>
/// <param name="ViewValues">Whether values are shown.</param>
/// <param name="Invalidate">Whether keys and tags may be invalidated.</param>
internal sealed record Permissions(string? User, string Environment, bool ViewValues, bool Invalidate);
