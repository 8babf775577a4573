using System.Globalization;
using System.Security.Cryptography;

namespace Larder.Overflow;

/// <summary>
/// Where the files of the overflow are. Each is named by cache and process, and nobody else may open it while that lives: what can
/// be opened is left over from one that was killed.
/// </summary>
internal sealed class OverflowDirectory
{
    private const string Prefix = "larder-";
    private const string Suffix = ".overflow";
    private const int LongestName = 40;
    private const int Attempts = 5;

    private readonly string _path;
    private readonly string _name;
    private long _last;

    private OverflowDirectory(string path, string cacheName)
    {
        _path = Path.GetFullPath(path);
        var name = string.Concat(cacheName.Take(LongestName).Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var random = RandomNumberGenerator.GetHexString(8, lowercase: true);
        _name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{name}-{Environment.ProcessId}-{random}-");
    }

    public string FullPath => _path;

    /// <summary>Makes the directory, deletes what dead processes have left there, and tries whether it can be written to.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="cacheName">The cache's name.</param>
    /// <exception cref="IOException">It can't be made or written to; so do the other exceptions say that files throw.</exception>
    public static OverflowDirectory Open(string path, string cacheName)
    {
        var directory = new OverflowDirectory(path, cacheName);
        Directory.CreateDirectory(directory._path);
        directory.DeleteLeftovers();
        directory.Create().Dispose();
        return directory;
    }

    /// <summary>Makes a file.</summary>
    public OverflowSegment Create()
    {
        for (var attempt = 1; ; attempt++)
        {
            var number = Interlocked.Increment(ref _last);
            try
            {
                return OverflowSegment.Create(Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"{_name}{number}{Suffix}")), number);
            }
            catch (IOException) when (attempt < Attempts && Directory.Exists(_path))
            {
                // Between its making and its locking, another process that starts may have taken it for a leftover.
            }
        }
    }

    private void DeleteLeftovers()
    {
        foreach (var path in Directory.EnumerateFiles(_path, Prefix + "*" + Suffix))
        {
            try
            {
                File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Its process lives, or is another user's.
            }
        }
    }
}
