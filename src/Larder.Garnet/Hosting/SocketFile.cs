namespace Larder.Garnet.Hosting;

/// <summary>
/// The file of a server's Unix domain socket, held by one server at a time. A port can be taken once; but a server that binds a
/// socket deletes what is at its path first, which is the only way past what a killed process has left there. So the lock beside
/// it says who may.
/// </summary>
internal sealed class SocketFile : IDisposable
{
    private readonly FileStream _lock;

    private SocketFile(FileStream held) => _lock = held;

    /// <summary>Holds the path, at which nothing is afterwards.</summary>
    /// <exception cref="SocketFileException">Another server holds it, it can't be written, or something is there that is no socket.</exception>
    public static SocketFile Hold(string path)
    {
        FileStream? held = null;
        try
        {
            held = new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (Directory.Exists(path) || (File.Exists(path) && !IsSocket(path)))
            {
                throw new SocketFileException("something that is no socket is there");
            }

            File.Delete(path);
            return new(held);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw exception as SocketFileException ?? new SocketFileException($"it can't be made there ({exception.Message})", exception)
            {
                IsHeld = held is null && exception.GetType() == typeof(IOException),
            };
        }
    }

    // The file of the lock stays: whoever deletes it could take it from under one that has just locked it.
    public void Dispose() => _lock.Dispose();

    // No socket can be opened as a file, and none has a length. Of a file that another process has locked, the second is known.
    private static bool IsSocket(string path)
    {
        if (new FileInfo(path).Length > 0)
        {
            return false;
        }

        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}

/// <summary>A socket can't be made at its path.</summary>
/// <param name="message">Why, as a part of a sentence.</param>
/// <param name="cause">What failed.</param>
internal sealed class SocketFileException(string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>Whether another server holds the path, which may be about to end.</summary>
    public bool IsHeld { get; init; }
}
