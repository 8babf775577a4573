using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;

namespace Larder.Distributed;

/// <summary>Reads and writes a provider's blobs, through its buffer overloads where it has them.</summary>
internal sealed class DistributedProvider(IDistributedCache cache)
{
    private readonly IBufferDistributedCache? _buffers = cache as IBufferDistributedCache;

    public string Name => cache.GetType().Name;

    /// <returns>What is there, empty if nothing is: some providers hand an empty blob back as null, so the two are one.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(string key, CancellationToken cancellationToken)
    {
        if (_buffers is null)
        {
            return await cache.GetAsync(key, cancellationToken).ConfigureAwait(false);
        }

        // Not a pooled buffer: the payload is a slice of it, and nobody says when he is done with that.
        var buffer = new ArrayBufferWriter<byte>();
        var found = await _buffers.TryGetAsync(key, buffer, cancellationToken).ConfigureAwait(false);
        return found ? buffer.WrittenMemory : default;
    }

    /// <summary>Writes <paramref name="head"/> and <paramref name="body"/> as one blob.</summary>
    public async ValueTask SetAsync(
        string key, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body, DistributedCacheEntryOptions options, CancellationToken cancellationToken)
    {
        if (_buffers is not null)
        {
            await _buffers.SetAsync(key, Segment.Join(head, body), options, cancellationToken).ConfigureAwait(false);
            return;
        }

        var blob = new byte[head.Length + body.Length];
        head.CopyTo(blob);
        body.CopyTo(blob.AsMemory(head.Length));
        await cache.SetAsync(key, blob, options, cancellationToken).ConfigureAwait(false);
    }

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => cache.RemoveAsync(key, cancellationToken);

    public Task RefreshAsync(string key, CancellationToken cancellationToken) => cache.RefreshAsync(key, cancellationToken);

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        private Segment(ReadOnlyMemory<byte> memory, long start) => (Memory, RunningIndex) = (memory, start);

        public static ReadOnlySequence<byte> Join(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body)
        {
            var last = new Segment(body, head.Length);
            return new ReadOnlySequence<byte>(new Segment(head, 0) { Next = last }, 0, last, body.Length);
        }
    }
}
