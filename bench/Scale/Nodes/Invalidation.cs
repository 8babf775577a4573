using Larder;

namespace Scale.Nodes;

/// <summary>A way to invalidate a key that has a tag of its own.</summary>
internal sealed record Invalidation(string Name, Func<LarderCache, string, ValueTask> Run)
{
    public static Invalidation[] All { get; } =
    [
        new("RemoveAsync", static (cache, key) => cache.RemoveAsync(key)),
        new("SetAsync", static (cache, key) => cache.SetAsync(key, "another value", tags: [TagOf(key)])),
        new("RemoveByTagAsync", static (cache, key) => cache.RemoveByTagAsync(TagOf(key))),
    ];

    public static string TagOf(string key) => "of:" + key;
}
