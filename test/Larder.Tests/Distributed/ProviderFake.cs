using Microsoft.Extensions.Caching.Distributed;

namespace Larder.Tests.Distributed;

/// <summary>A provider around another one, for the tests to change what they need.</summary>
internal class ProviderFake(Func<IDistributedCache> inner) : IDistributedCache
{
    protected IDistributedCache Inner => inner();

    public byte[]? Get(string key) => throw new NotSupportedException("Nothing may block.");

    public virtual Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Inner.GetAsync(key, token);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException("Nothing may block.");

    public virtual Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        Inner.SetAsync(key, value, options, token);

    public void Refresh(string key) => throw new NotSupportedException("Nothing may block.");

    public Task RefreshAsync(string key, CancellationToken token = default) => Inner.RefreshAsync(key, token);

    public void Remove(string key) => throw new NotSupportedException("Nothing may block.");

    public virtual Task RemoveAsync(string key, CancellationToken token = default) => Inner.RemoveAsync(key, token);
}
