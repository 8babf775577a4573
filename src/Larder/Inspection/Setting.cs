namespace Larder.Inspection;

/// <summary>A setting in force.</summary>
/// <param name="Name">Its name below the cache's section: <c>Local:MaximumEntries</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Default">What it would be if nobody had set it.</param>
internal sealed record Setting(string Name, string Value, string Default)
{
    /// <summary>Whether somebody has set it to something else.</summary>
    public bool IsChanged => Value != Default;
}
