namespace Larder.Distributed;

/// <summary>Maps entries, tags and the tag clock to keys of a provider, so that no two of them ever share one.</summary>
internal sealed class DistributedKeys(string prefix)
{
    private const string Reserved = "larder:";

    public string Clock { get; } = $"{prefix}{Reserved}clock";

    public string Tag(string tag) => $"{prefix}{Reserved}tag:{tag}";

    // An app's key that looks like a reserved one moves out of its way.
    public string Entry(string key) =>
        key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase) ? $"{prefix}{Reserved}key:{key}" : prefix + key;
}
