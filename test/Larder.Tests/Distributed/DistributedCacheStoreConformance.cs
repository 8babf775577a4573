using Larder.Distributed;
using Larder.Stores;
using Larder.Testing.Conformance;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Larder.Tests.Distributed;

/// <summary>The conformance suite over Microsoft's in-process provider, which has no buffer overloads.</summary>
public class DistributedCacheStoreConformance : StoreConformance
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryProvider _memory;

    public DistributedCacheStoreConformance() => _memory = new MemoryProvider(_time);

    protected override TimeProvider TimeProvider => _time;

    protected override TimeSpan Unit => TimeSpan.FromMinutes(1);

    protected override bool TouchCountsIdleTime => false;

    protected override bool ReadingSlides => true;

    protected override bool KeepsSlidingEntries => false;

    protected override ValueTask<ILarderStore> CreateStoreAsync(StoreContext context) =>
        new(new DistributedCacheStore(Wrap(() => _memory.Cache), context));

    protected override Task FlushAsync()
    {
        _memory.Flush();
        return Task.CompletedTask;
    }

    protected override Task ElapseAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    private protected virtual IDistributedCache Wrap(Func<IDistributedCache> memory) => new ProviderFake(memory);
}

/// <summary>The suite over a provider with every fault that we know of.</summary>
public sealed class AwkwardProviderConformance : DistributedCacheStoreConformance
{
    private protected override IDistributedCache Wrap(Func<IDistributedCache> memory) => new AwkwardProvider(memory);
}

/// <summary>The suite over a provider with buffer overloads.</summary>
public sealed class BufferProviderConformance : DistributedCacheStoreConformance
{
    private protected override IDistributedCache Wrap(Func<IDistributedCache> memory) => new BufferProvider(memory);
}
