namespace Larder.Dashboard;

/// <summary>Options of <c>UseCacheStatus</c>.</summary>
public sealed class CacheStatusOptions
{
    /// <summary>
    /// Writes the header in every environment. It tells each visitor whether the app had an answer in its cache, and so perhaps
    /// what others have asked for.
    /// </summary>
    /// <value>Default: <see langword="false"/>: in Development only.</value>
    public bool OutsideDevelopment { get; set; }

    /// <summary>Writes keys too, those that are printable ASCII of at most 256 characters.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IncludeKeys { get; set; }
}
