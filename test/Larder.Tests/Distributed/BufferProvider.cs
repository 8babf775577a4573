using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;

namespace Larder.Tests.Distributed;

/// <summary>A provider with buffer overloads; its array overloads must not be used.</summary>
internal sealed class BufferProvider(Func<IDistributedCache> inner) : ProviderFake(inner), IBufferDistributedCache
{
    public override Task<byte[]?> GetAsync(string key, CancellationToken token = default) =>
        throw new InvalidOperationException("There is TryGetAsync.");

    public override Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        throw new InvalidOperationException("There is an overload without a copy.");

    public bool TryGet(string key, IBufferWriter<byte> destination) => throw new NotSupportedException("Nothing may block.");

    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        if (await Inner.GetAsync(key, token) is not { } blob)
        {
            return false;
        }

        destination.Write(blob);
        return true;
    }

    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) =>
        throw new NotSupportedException("Nothing may block.");

    public async ValueTask SetAsync(
        string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        await Inner.SetAsync(key, value.ToArray(), options, token);
}
