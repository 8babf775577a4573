using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;

namespace Micro;

/// <summary>The caches that are compared, in memory alone, as their documentation sets them up.</summary>
internal sealed class Caches : IDisposable
{
    private readonly ServiceProvider _larder = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
    private readonly ServiceProvider _hybrid = new ServiceCollection().AddHybridCache().Services.BuildServiceProvider();
    private readonly ServiceProvider _fusion;

    private Caches()
    {
        var services = new ServiceCollection();
        services.AddFusionCacheSystemTextJsonSerializer(); // for its automatic clones
        services.AddFusionCache()
            .WithDefaultEntryOptions(static options => options.SetDuration(TimeSpan.FromMinutes(5)))
            .WithRegisteredSerializer();
        _fusion = services.BuildServiceProvider();
    }

    public static Caches Create() => new();

    public LarderCache Larder => _larder.GetRequiredService<LarderCache>();

    public HybridCache Hybrid => _hybrid.GetRequiredService<HybridCache>();

    public MemoryCache Memory { get; } = new(new MemoryCacheOptions());

    public IFusionCache Fusion => _fusion.GetRequiredService<IFusionCache>();

    public void Dispose()
    {
        _larder.Dispose();
        _hybrid.Dispose();
        _fusion.Dispose();
        Memory.Dispose();
    }
}
