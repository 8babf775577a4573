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
/// <param name="Section">The configuration section: <c>Larder</c>, <c>Larder:Local</c>, ...</param>
/// <param name="Name">Its name in it.</param>
/// <param name="Value">The value as text; left out if it is not set.</param>
/// <param name="IsDefault">Whether it is the default.</param>
internal sealed record Setting(string Section, string Name, string? Value, bool IsDefault);
