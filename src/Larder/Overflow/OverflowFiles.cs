using System.Buffers;

namespace Larder.Overflow;

/// <summary>
/// The files of one cache, sixteen at most. Records are appended to the newest; when there is no room for a new file, the oldest goes
/// with all that it has. So nothing is ever moved, and no free room looked for. Not thread-safe, but for <see cref="Bytes"/>.
/// </summary>
internal sealed class OverflowFiles(OverflowDirectory directory, OverflowOptions options, OverflowIndex index) : IDisposable
{
    private const int MaximumFiles = 16;

    // Small values are written together.
    private const int LargestBatch = 256 * 1024;

    // What is written at once must fit into one array.
    private const int LargestRecord = 1 << 30;

    private readonly long _bytesOfFile = options.MaximumBytes / MaximumFiles;
    private readonly int _recordsOfFile = options.MaximumEntries / MaximumFiles;
    private readonly Queue<OverflowSegment> _segments = new();
    private readonly List<(OverflowRecord Record, int Start, int Length)> _batch = [];
    private ArrayBufferWriter<byte> _buffer = new();
    private OverflowSegment? _newest;
    private long _bytes;

    /// <summary>How large the files are, all together.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether all that was added is in a file.</summary>
    public bool IsFlushed => _batch.Count == 0;

    /// <summary>The files, the oldest first.</summary>
    public IEnumerable<OverflowSegment> Segments => _segments;

    /// <summary>Told which file is about to go: nothing of it is to be found any more.</summary>
    public required Action<OverflowSegment> Leaving { get; init; }

    /// <summary>Whether a file may have so large a record.</summary>
    public bool Takes(int length) => length <= Math.Min(LargestRecord, _bytesOfFile - OverflowSegment.HeaderBytes);

    /// <summary>Adds a record, which is in a file after the next <see cref="FlushAsync"/> at the latest.</summary>
    /// <param name="record">The record.</param>
    /// <param name="bytes">Its bytes, no more than a file takes.</param>
    public async ValueTask AddAsync(OverflowRecord record, ReadOnlyMemory<byte> bytes)
    {
        var length = bytes.Length + OverflowSegment.HeaderBytes;
        if (_newest is null || _newest.Length + _buffer.WrittenCount + length > _bytesOfFile || _newest.Count + _batch.Count >= _recordsOfFile)
        {
            await FlushAsync().ConfigureAwait(false);
            Begin();
        }

        var start = _buffer.WrittenCount;
        _newest!.WriteHeader(_buffer.GetSpan(OverflowSegment.HeaderBytes), bytes.Span, _newest.Length + start);
        _buffer.Advance(OverflowSegment.HeaderBytes);
        _buffer.Write(bytes.Span);
        _batch.Add((record, start, bytes.Length));
        if (_buffer.WrittenCount >= LargestBatch)
        {
            await FlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Writes what was added.</summary>
    public async ValueTask FlushAsync()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        var segment = _newest!;
        var position = segment.Length;
        await segment.AppendAsync(_buffer.WrittenMemory, _batch.Count).ConfigureAwait(false);
        Volatile.Write(ref _bytes, _bytes + segment.Length - position);
        foreach (var (record, start, length) in _batch)
        {
            index.Place(record, segment, position + start, length);
        }

        Empty();
    }

    /// <summary>Closes, and so deletes, all files. A record that is added later begins a new one.</summary>
    public void Close()
    {
        while (_segments.Count > 0)
        {
            DropOldest();
        }

        _newest = null;
        Empty();
    }

    public void Dispose() => Close();

    private void Begin()
    {
        while (_segments.Count >= MaximumFiles)
        {
            DropOldest();
        }

        _newest = directory.Create();
        _segments.Enqueue(_newest);
    }

    private void DropOldest()
    {
        var oldest = _segments.Dequeue();
        Leaving(oldest);
        Volatile.Write(ref _bytes, _bytes - oldest.Length);
        oldest.Dispose();
    }

    private void Empty()
    {
        _batch.Clear();
        if (_buffer.Capacity <= 2 * LargestBatch)
        {
            _buffer.ResetWrittenCount();
        }
        else
        {
            _buffer = new();
        }
    }
}
