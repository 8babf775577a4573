namespace Larder.Options;

/// <summary>The configuration sections of a cache.</summary>
internal static class SectionName
{
    /// <summary><c>Larder</c>; of a named cache <c>Larder:{name}</c>.</summary>
    public static string Of(string? cacheName) => string.IsNullOrEmpty(cacheName) ? "Larder" : $"Larder:{cacheName}";

    /// <summary><c>Larder:{part}</c>; of a named cache <c>Larder:{name}:{part}</c>.</summary>
    public static string Of(string? cacheName, string part) => $"{Of(cacheName)}:{part}";
}
