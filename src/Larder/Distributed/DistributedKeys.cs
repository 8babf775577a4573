namespace Larder.Distributed;

/// <summary>
/// Maps entries, tags and the tag clock to keys of a provider. No entry's key begins with <see cref="KeyRules.Reserved"/>, so
/// no two of them ever share one.
/// </summary>
internal sealed class DistributedKeys(string prefix)
{
    public string Clock { get; } = $"{prefix}{KeyRules.Reserved}clock";

    public string Tag(string tag) => $"{prefix}{KeyRules.Reserved}tag:{tag}";

    public string Entry(string key) => prefix + key;
}
