namespace Larder.Dashboard.Api;

/// <summary>The effective options of a cache on this node, and what the analysis at start says of them.</summary>
/// <param name="Store">What L2 is; left out if the cache has none.</param>
/// <param name="Capabilities">What L2 can do.</param>
/// <param name="Missing">What it can't.</param>
/// <param name="Settings">Every option; those of secrets say only whether they are set.</param>
/// <param name="Findings">Settings that contradict each other, or surely don't mean what they say; a sentence each.</param>
internal sealed record Configuration(
    string? Store,
    IReadOnlyList<string> Capabilities,
    IReadOnlyList<string> Missing,
    IReadOnlyList<Setting> Settings,
    IReadOnlyList<string> Findings);

/// <summary>An option.</summary>
/// <param name="Section">The cache's configuration section: <c>Larder</c>, or <c>Larder:{name}</c>.</param>
/// <param name="Name">Its name in it: <c>Local:MaximumEntries</c>.</param>
/// <param name="Value">The value in force, as text.</param>
/// <param name="Default">What it would be if nobody had set it.</param>
/// <param name="IsChanged">Whether somebody has set it to something else.</param>
internal sealed record Setting(string Section, string Name, string Value, string Default, bool IsChanged);
