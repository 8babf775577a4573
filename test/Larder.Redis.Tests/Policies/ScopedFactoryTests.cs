using Larder.Testing.Policies;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>A factory with a scope of its own, across two nodes: what is invalidated while it runs is stored nowhere.</summary>
public abstract class ScopedFactoryTests(ServerKind kind) : PolicyTests(kind)
{
    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedWhileTheFactoryRuns_OldValueIsStoredNowhere(Invalidation invalidation, bool byOther)
    {
        Origin.Value = "old";
        var gate = Origin.Hold();
        IServiceProvider? scope = null;
        var call = A.Cache.GetOrCreateScopedAsync(
            "k",
            async (IServiceProvider services, CancellationToken cancellationToken) =>
            {
                scope = services;
                return await Origin.CallAsync(cancellationToken);
            },
            new LarderEntryOptions { Expiration = Hour },
            [InvalidationKinds.Tag],
            Cancel);
        await gate.Reached;

        await InvalidateAsync(invalidation, byOther);
        Assert.NotNull(scope!.GetService<TimeProvider>());
        gate.Open();

        Assert.Equal("old", await EndsAsync(call));
        Assert.Throws<ObjectDisposedException>(() => scope!.GetService<TimeProvider>());
        await CatchUpAsync();
        await AssertGoneAsync(invalidation);
    }

    [Fact]
    public async Task Get_OnBothNodesAtOnce_OneRunInAll()
    {
        var gate = Origin.Hold();
        Task<string?> GetAsync(LarderCache cache) => EndsAsync(cache.GetOrCreateScopedAsync(
            "k", (IServiceProvider _, CancellationToken cancellationToken) => Origin.CallAsync(cancellationToken), cancellationToken: Cancel));

        var onA = GetAsync(A.Cache);
        await gate.Reached;
        var onB = GetAsync(B.Cache);
        await Eventually.TrueAsync(() => B.Store.Leases > 0, message: "B has asked for the lease");
        gate.Open();

        Assert.Equal(["new", "new"], await Task.WhenAll(onA, onB));
        Assert.Equal(1, Origin.Calls);
    }
}

/// <summary>On redis-server.</summary>
public sealed class ScopedFactoryTestsOnRedis() : ScopedFactoryTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class ScopedFactoryTestsOnGarnet() : ScopedFactoryTests(ServerKind.Garnet);
