using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Time.Testing;

namespace Larder.Tests.Distributed;

/// <summary>Microsoft's in-process provider on a test's time, and a look behind it.</summary>
internal sealed class MemoryProvider(FakeTimeProvider time)
{
    /// <summary>The provider; another, empty one after <see cref="Flush"/>.</summary>
    public IDistributedCache Cache { get; private set; } = Create(time);

    public void Flush() => Cache = Create(time);

    private static MemoryDistributedCache Create(FakeTimeProvider time) =>
        new(Microsoft.Extensions.Options.Options.Create(new MemoryDistributedCacheOptions { Clock = new FakeClock(time), SizeLimit = null }));
}
