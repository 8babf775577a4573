namespace Larder.Garnet.Hosting;

/// <summary>
/// The directory of a server's files, held by one server at a time: two that wrote the same log would ruin it, and while
/// two apps start at once, or one takes over from another, the port alone does not keep them apart.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? held) => (Path, _lock) = (path, held);

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>A directory for what a memory-only server is made to write, deleted afterwards. It is not made before it is needed.</summary>
    public static DataDirectory Scratch() =>
        new(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"larder-garnet-{Guid.NewGuid():N}"), held: null);

    /// <summary>Makes the directory if it isn't there, and holds it.</summary>
    /// <exception cref="DirectoryInUseException">Another server holds it.</exception>
    public static DataDirectory Hold(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(path);
        var file = System.IO.Path.Combine(path, "larder.lock");
        try
        {
            return new(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException))
        {
            throw new DirectoryInUseException(path, exception);
        }
    }

    public void Dispose()
    {
        if (_lock is not null)
        {
            // The file stays: whoever deletes it could take it from under one that has just locked it.
            _lock.Dispose();
        }
        else if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}

/// <summary>Another server holds the data directory.</summary>
internal sealed class DirectoryInUseException(string path, Exception cause) : IOException($"Another server uses the directory {path}.", cause);
