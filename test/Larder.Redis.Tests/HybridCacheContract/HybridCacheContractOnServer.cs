using Larder.Testing.HybridCacheContract;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Redis.Tests.HybridCacheContract;

/// <summary>The contract of a cache on a server that the tests of a class share.</summary>
public abstract class HybridCacheContractOnServer(ServerFixture fixture) : HybridCacheContractTests
{
    protected override bool HasStore => true;

    protected override void UseStore(ILarderBuilder builder) => builder.UseRedis(fixture.Server.Configuration);

    [Fact]
    public async Task Read_OfWhatNoSerializerCanRead_RunsTheFactory()
    {
        var cache = await StartAsync(options => options.KeyPrefix = "garbage:");
        await fixture.Database.HashSetAsync("garbage:key", [new("absexp", -1), new("sldexp", -1), new("data", "{not json")]);

        Assert.Equal(42, await cache.GetOrCreateAsync("key", static _ => ValueTask.FromResult(42), cancellationToken: Cancel));
        Assert.Equal("42", await fixture.Database.HashGetAsync("garbage:key", "data"));
    }

    [Fact]
    public async Task Read_OfAKeyThatHoldsNoHash_RunsTheFactory()
    {
        var cache = await StartAsync(options => options.KeyPrefix = "foreign:");
        await fixture.Database.StringSetAsync("foreign:key", "somebody else's");

        Assert.Equal(42, await cache.GetOrCreateAsync("key", static _ => ValueTask.FromResult(42), cancellationToken: Cancel));
        Assert.Equal("somebody else's", await fixture.Database.StringGetAsync("foreign:key"));
    }
}

/// <summary>The contract on <c>redis-server</c>.</summary>
public sealed class HybridCacheContractOnRedis(RedisFixture fixture) : HybridCacheContractOnServer(fixture), IClassFixture<RedisFixture>;

/// <summary>The contract on embedded Garnet.</summary>
public sealed class HybridCacheContractOnGarnet(GarnetFixture fixture) : HybridCacheContractOnServer(fixture), IClassFixture<GarnetFixture>;
