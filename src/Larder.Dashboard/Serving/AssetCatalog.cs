using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Larder.Dashboard.Serving;

/// <summary>
/// The files of the page, out of the assembly's resources. They are found by their exact names: no path reaches a file
/// system. All are served below one hash of all of them, so that modules import each other by plain relative names and a
/// browser may keep them for ever.
/// </summary>
internal sealed class AssetCatalog
{
    private const string Folder = "assets/";
    private const string Page = "index.html";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json",
        [".mjs"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, Asset> _assets;

    private AssetCatalog(FrozenDictionary<string, byte[]> files)
    {
        Version = VersionOf(files);
        _assets = files.Where(static file => file.Key != Page).ToFrozenDictionary(
            static file => file.Key, static file => MakeAsset(file.Key, file.Value), StringComparer.Ordinal);
        var page = Encoding.UTF8.GetString(files[Page]).Replace("\"assets/", $"\"assets/{Version}/", StringComparison.Ordinal);
        Index = MakeAsset(Page, Encoding.UTF8.GetBytes(page));
    }

    /// <summary>The hash of all files.</summary>
    public string Version { get; }

    /// <summary>The page, with the places of its assets filled in.</summary>
    public Asset Index { get; }

    /// <summary>Reads the files.</summary>
    public static AssetCatalog Load()
    {
        var assembly = typeof(AssetCatalog).Assembly;
        return new(assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Folder, StringComparison.Ordinal)).ToFrozenDictionary(
            static name => name[Folder.Length..],
            name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return content;
            },
            StringComparer.Ordinal));
    }

    /// <summary>A file other than the page; <see langword="null"/> if there is none of that name.</summary>
    public Asset? Find(string name) => _assets.GetValueOrDefault(name);

    private static Asset MakeAsset(string name, byte[] content) =>
        new(ContentTypes.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"), content, Shorten(SHA256.HashData(content)));

    private static string VersionOf(FrozenDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files.OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData([0]);
            hash.AppendData(SHA256.HashData(content));
        }

        return Shorten(hash.GetHashAndReset());
    }

    private static string Shorten(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, 8));
}
