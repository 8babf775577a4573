using Larder.Testing;
using Larder.Tests.Distributed;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests;

/// <summary>What needs no server; the rest is in SynchronousTests, on real ones.</summary>
[Collection(nameof(Alone))]
public sealed class LarderSynchronousExtensionsTests
{
    [Fact]
    public void Hit_OfL1_AllocatesNothing()
    {
        using var services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();
        cache.Set("k", "v");

        var allocated = Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Hit(cache);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Operations_StoreComesBackToItsCallersContext_DoNotWaitForTheirOwnThread()
    {
        var memory = new MemoryDistributedCache(Microsoft.Extensions.Options.Options.Create(new MemoryDistributedCacheOptions()));
        using var services = new ServiceCollection()
            .AddSingleton<IDistributedCache>(new YieldingProvider(() => memory))
            .AddLarder().UseDistributedCache().Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new NeverContext());
            failure = Record.Exception(() =>
            {
                cache.Set("k", "v");
                cache.Remove("k");
                Assert.Equal("made", cache.GetOrCreate("k", static () => "made"));
                Assert.IsType<NeverContext>(SynchronizationContext.Current);
            });
        })
        {
            IsBackground = true,
        };

        thread.Start();

        Assert.True(thread.Join(TimeSpan.FromSeconds(30)), "The thread waits for what waits for it.");
        Assert.Null(failure);
    }

    [Fact]
    public void GetOrCreate_FactoryThrows_ItsExceptionComesAsItIs()
    {
        using var services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();

        Assert.Throws<InvalidOperationException>(() => cache.GetOrCreate<string>("k", static () => throw new InvalidOperationException()));
        Assert.Throws<ArgumentException>(() => cache.Set("", "v"));
        Assert.Throws<ArgumentNullException>(() => cache.GetOrCreate("k", (Func<string>)null!));
    }

    private static void Hit(LarderCache cache)
    {
        if (cache.GetOrCreate("k", static () => "") != "v"
            || cache.GetOrCreate("k", 1, static _ => "") != "v"
            || cache.TryGet<string>("k").Value != "v")
        {
            Assert.Fail("no hit");
        }
    }

    private sealed class YieldingProvider(Func<IDistributedCache> inner) : ProviderFake(inner)
    {
        public override async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            await Task.Yield();
            return await base.GetAsync(key, token);
        }

        public override async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            await Task.Yield();
            await base.SetAsync(key, value, options, token);
        }
    }

    /// <summary>A context whose thread never comes to what is to go on in it.</summary>
    private sealed class NeverContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
