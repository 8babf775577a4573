namespace Larder.Options;

/// <summary>The configuration sections of a cache.</summary>
internal static class SectionName
{
    /// <summary><c>Larder</c>; of a named cache <c>Larder:{name}</c>.</summary>
    public static string Of(string cacheName) => cacheName.Length == 0 ? "Larder" : $"Larder:{cacheName}";

    /// <summary><c>Larder:{part}</c>; of a named cache <c>Larder:{name}:{part}</c>.</summary>
    public static string Of(string? cacheName, string part) =>
        string.IsNullOrEmpty(cacheName) ? $"Larder:{part}" : $"Larder:{cacheName}:{part}";
}
