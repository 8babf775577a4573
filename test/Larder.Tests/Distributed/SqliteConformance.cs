using Larder.Distributed;
using Larder.Stores;
using Larder.Testing;
using Larder.Testing.Conformance;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using NeoSmart.Caching.Sqlite;
using Xunit;

namespace Larder.Tests.Distributed;

/// <summary>The suite over a provider of somebody else, by the real clock: SQLite, in a file that several nodes share.</summary>
public sealed class SqliteConformance : StoreConformance
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("larder");
    private readonly List<SqliteCache> _providers = [];

    static SqliteConformance() => SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());

    // A file takes longer than memory where the disk is busy.
    protected override TimeSpan Unit => TimeSpan.FromMilliseconds(1200);

    protected override bool TouchCountsIdleTime => false;

    protected override bool ReadingSlides => true;

    protected override bool KeepsSlidingEntries => false;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task UseDistributedCache_TwoNodesOnOneFile_ReadWhatTheOtherWroteAndOneDoesNotKeepWhatTheOtherRemoved()
    {
        await using var a = Node();
        var ofA = a.GetRequiredService<LarderCache>();
        await ofA.SetAsync("k", "old", tags: ["t"], cancellationToken: Cancel);

        // Of two that begin at once on an empty store each may begin a generation, and what one wrote is a miss for the other.
        await using var b = Node();
        var ofB = b.GetRequiredService<LarderCache>();
        Assert.Equal("old", await GetAsync(ofB, "never"));
        await ofA.RemoveAsync("k", Cancel);
        Assert.Equal("new", await GetAsync(ofA, "new"));
        await Eventually.TrueAsync(async () => await GetAsync(ofB, "never") == "new", message: "the other node's copy is out, after MaxStaleness");

        await ofB.RemoveByTagAsync("t", Cancel);
        Assert.Equal("newest", await GetAsync(ofB, "newest"));
        await Eventually.TrueAsync(async () => await GetAsync(ofA, "never") == "newest", message: "the other node's copy is out, after MaxStaleness");
    }

    protected override ValueTask<ILarderStore> CreateStoreAsync(StoreContext context) => new(new DistributedCacheStore(Provider(), context));

    protected override Task FlushAsync() => Provider().ClearAsync(Cancel);

    private static ValueTask<string> GetAsync(LarderCache cache, string made) =>
        cache.GetOrCreateAsync("k", made, static (made, _) => ValueTask.FromResult(made), tags: ["t"], cancellationToken: Cancel);

    private ServiceProvider Node()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IDistributedCache>(Provider());
        services.AddLarder(static options => options.MaxStaleness = TimeSpan.FromSeconds(2)).UseDistributedCache();
        return services.BuildServiceProvider();
    }

    private SqliteCache Provider()
    {
        var provider = new SqliteCache(new SqliteCacheOptions { CachePath = Path.Combine(_directory.FullName, "cache.db") });
        _providers.Add(provider);
        return provider;
    }
}
