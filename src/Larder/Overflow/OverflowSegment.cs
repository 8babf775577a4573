using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Larder.Overflow;

/// <summary>
/// One of the files: records that were appended, each with its checksum in front. It is deleted when it is closed; until then no
/// other may open it.
/// </summary>
internal sealed class OverflowSegment : IDisposable
{
    /// <summary>What a record has in front of its bytes: their XXH3, 64 bits, little-endian, seeded with where they are.</summary>
    public const int HeaderBytes = sizeof(ulong);

    private readonly FileStream _file;
    private readonly long _number;
    private long _length;

    private OverflowSegment(FileStream file, long number) => (_file, _number) = (file, number);

    public string Path => _file.Name;

    public SafeFileHandle Handle => _file.SafeFileHandle;

    public long Length => Volatile.Read(ref _length);

    /// <summary>How many records it has.</summary>
    public int Count { get; private set; }

    /// <summary>Makes the file.</summary>
    /// <param name="path">Where; nothing is there.</param>
    /// <param name="number">Its number among those of the process.</param>
    public static OverflowSegment Create(string path, long number)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous | FileOptions.RandomAccess,
        };
        if (!OperatingSystem.IsWindows())
        {
            // The values are nobody else's.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(new FileStream(path, options), number);
    }

    /// <summary>Writes the header of a record that will stand at a position.</summary>
    public void WriteHeader(Span<byte> header, ReadOnlySpan<byte> bytes, long position) =>
        BinaryPrimitives.WriteUInt64LittleEndian(header, Checksum(bytes, position));

    /// <summary>Appends records.</summary>
    /// <param name="bytes">Their bytes, each with its header.</param>
    /// <param name="count">How many they are.</param>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, int count)
    {
        await RandomAccess.WriteAsync(Handle, bytes, _length).ConfigureAwait(false);
        Count += count;
        Volatile.Write(ref _length, _length + bytes.Length);
    }

    /// <summary>Reads a record's bytes; <see langword="null"/> if they are not what was written.</summary>
    /// <param name="position">Where its header begins.</param>
    /// <param name="length">How many bytes follow that.</param>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    /// <exception cref="IOException">The disk can't read it.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(long position, int length)
    {
        var bytes = new byte[HeaderBytes + length];
        for (var read = 0; read < bytes.Length;)
        {
            var more = await RandomAccess.ReadAsync(Handle, bytes.AsMemory(read), position + read).ConfigureAwait(false);
            if (more == 0)
            {
                return null;
            }

            read += more;
        }

        // Not by a conditional expression: there, null is an empty memory.
        ReadOnlyMemory<byte> payload = bytes.AsMemory(HeaderBytes);
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Checksum(payload.Span, position))
        {
            return null;
        }

        return payload;
    }

    public void Dispose() => _file.Dispose();

    // Seeded, so that a record of another place, or of another file, is not taken for this one.
    private ulong Checksum(ReadOnlySpan<byte> bytes, long position) => XxHash3.HashToUInt64(bytes, (_number << 40) ^ position);
}
