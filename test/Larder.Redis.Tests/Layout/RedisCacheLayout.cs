using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Redis.Tests.Layout;

/// <summary>
/// An entry in Redis is laid out as Microsoft's <see cref="RedisCache"/> does it: what either side wrote, the other reads, and
/// they agree on when it ends.
/// </summary>
public abstract class RedisCacheLayout(ServerFixture fixture) : IAsyncLifetime
{
    // A cache of its own for each test: Clear is for ever with what carries no stamp.
    private readonly string _prefix = $"{Guid.NewGuid():N}:";
    private readonly string _key = "key";
    private RedisCache _microsofts = null!;
    private Node _node = null!;

    public static TheoryData<Expirations> AllExpirations { get; } = [Expirations.None, Expirations.Absolute, Expirations.Sliding, Expirations.Both];

    /// <summary>Without any, the cache's default applies.</summary>
    public static TheoryData<Expirations> LarderExpirations { get; } = [Expirations.Absolute, Expirations.Sliding, Expirations.Both];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static User Ada => new(1, "ada@example.com");

    public async ValueTask InitializeAsync()
    {
        _microsofts = new RedisCache(new RedisCacheOptions { Configuration = fixture.Server.Configuration, InstanceName = _prefix });
        _node = await StartNodeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _microsofts.Dispose();
        await _node.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(AllExpirations))]
    public async Task LarderCache_OfWhatRedisCacheWrote_ReadsItAndItsExpiration(Expirations expirations)
    {
        await _microsofts.SetAsync(_key, JsonSerializer.SerializeToUtf8Bytes(Ada), expirations.ToDistributed(), Cancel);

        var read = await _node.Cache.TryGetAsync<User>(_key, Cancel);

        Assert.True(read.Found);
        Assert.Equal(CacheLevel.L2, read.Level);
        Assert.Equal(Ada, read.Value);
        if (expirations.TimeToLive() is null)
        {
            Assert.Null(read.ExpiresIn);
        }
        else
        {
            // RedisCache wrote the deadline by this machine's clock, which the node's estimate of the server's may trail.
            var longest = (expirations.Absolute() ?? expirations.Sliding()!.Value) + TimeSpan.FromSeconds(1);
            Assert.InRange(read.ExpiresIn!.Value, TimeSpan.FromMinutes(9), longest);
        }
    }

    [Fact]
    public async Task LarderCache_OfAStringThatRedisCacheWrote_ReadsIt()
    {
        await _microsofts.SetStringAsync(_key, "grüße 🥫", Cancel);

        Assert.Equal("grüße 🥫", (await _node.Cache.TryGetAsync<string>(_key, Cancel)).Value);
    }

    [Fact]
    public async Task LarderCache_OfBytesThatRedisCacheWrote_ReadsThem()
    {
        byte[] value = [0, 255, 10, 13, 34, 128];
        await _microsofts.SetAsync(_key, value, Cancel);

        Assert.Equal(value, (await _node.Cache.TryGetAsync<byte[]>(_key, Cancel)).Value);
    }

    [Theory]
    [MemberData(nameof(LarderExpirations))]
    public async Task RedisCache_OfWhatLarderCacheWrote_ReadsIt(Expirations expirations)
    {
        await _node.Cache.SetAsync(_key, Ada, expirations.ToLarder(), ["tag"], Cancel);

        var read = await _microsofts.GetAsync(_key, Cancel);

        Assert.Equal(Ada, JsonSerializer.Deserialize<User>(read));
        (await ReadHashAsync()).AssertExpires(expirations);
    }

    [Fact]
    public async Task RedisCache_OfWhatAFactoryMade_ReadsIt()
    {
        await _node.Cache.GetOrCreateAsync(_key, _ => new ValueTask<string>("made"), cancellationToken: Cancel);

        Assert.Equal("made", await _microsofts.GetStringAsync(_key, Cancel));
    }

    [Theory]
    [MemberData(nameof(AllExpirations))]
    public async Task LardersDistributedCache_OfWhatRedisCacheWrote_ReadsIt(Expirations expirations)
    {
        byte[] value = [0, 255, 10, 13, 34, 128];
        await _microsofts.SetAsync(_key, value, expirations.ToDistributed(), Cancel);

        Assert.Equal(value, await _node.Distributed.GetAsync(_key, Cancel));
        (await ReadHashAsync()).AssertExpires(expirations);
    }

    [Theory]
    [MemberData(nameof(AllExpirations))]
    public async Task RedisCache_OfWhatLardersDistributedCacheWrote_ReadsIt(Expirations expirations)
    {
        byte[] value = [0, 255, 10, 13, 34, 128];
        await _node.Distributed.SetAsync(_key, value, expirations.ToDistributed(), Cancel);

        Assert.Equal(value, await _microsofts.GetAsync(_key, Cancel));
        (await ReadHashAsync()).AssertExpires(expirations);
    }

    [Fact]
    public async Task EmptyValue_WrittenByEither_IsReadByTheOther()
    {
        await _microsofts.SetAsync(_key, [], Cancel);
        Assert.Empty(await _node.Distributed.GetAsync(_key, Cancel) ?? [1]);

        await _node.Distributed.SetAsync(_key, [], Cancel);
        Assert.Empty(await _microsofts.GetAsync(_key, Cancel) ?? [1]);
    }

    [Theory]
    [MemberData(nameof(LarderExpirations))]
    public async Task Hgetall_OfAnEntry_ShowsReadableJsonAndExpirationsInTicks(Expirations expirations)
    {
        await _node.Cache.SetAsync(_key, Ada, expirations.ToLarder(), cancellationToken: Cancel);

        var hash = await ReadHashAsync();

        Assert.Equal("""{"Id":1,"Email":"ada@example.com"}""", hash.Data);
        Assert.Equal(["absexp", "sldexp", "data"], hash.Fields.Take(3));
        hash.AssertExpires(expirations);
    }

    [Fact]
    public async Task Hgetall_OfRawBytes_ShowsThemAsTheyAre()
    {
        await _node.Distributed.SetAsync(_key, Encoding.UTF8.GetBytes("raw"), Cancel);

        Assert.Equal("raw", (await ReadHashAsync()).Data);
    }

    [Fact]
    public async Task LarderCache_OfAnEntryThatRedisCacheWroteOver_MakesItAnew()
    {
        await _node.Cache.SetAsync(_key, "larder's", Expirations.Both.ToLarder(), ["tag"], Cancel);
        await _microsofts.SetStringAsync(_key, "microsoft's", Expirations.Both.ToDistributed(), Cancel);
        await using var other = await StartNodeAsync();

        // It has the old one's tags and stamp, and can't be told from one that was damaged.
        Assert.False((await other.Cache.TryGetAsync<string>(_key, Cancel)).Found);
        Assert.Equal("new", await other.Cache.GetOrCreateAsync(_key, _ => new ValueTask<string>("new"), cancellationToken: Cancel));
        Assert.Equal("new", await _microsofts.GetStringAsync(_key, Cancel));
    }

    [Fact]
    public async Task LardersDistributedCache_OfWhatRedisCacheWroteOver_ReadsTheNewOne()
    {
        await _node.Distributed.SetAsync(_key, "larder's"u8.ToArray(), Cancel);
        await _microsofts.SetStringAsync(_key, "microsoft's", Cancel);

        Assert.Equal("microsoft's"u8.ToArray(), await _node.Distributed.GetAsync(_key, Cancel));
    }

    [Fact]
    public async Task LarderCache_ReplacingWhatRedisCacheWrote_LeavesNothingOfIt()
    {
        await _microsofts.SetStringAsync(_key, "microsoft's", Expirations.Both.ToDistributed(), Cancel);

        await _node.Cache.SetAsync(_key, "larder's", Expirations.Absolute.ToLarder(), cancellationToken: Cancel);

        Assert.Equal("larder's", await _microsofts.GetStringAsync(_key, Cancel));
        (await ReadHashAsync()).AssertExpires(Expirations.Absolute);
    }

    [Fact]
    public async Task Remove_ByEither_RemovesWhatTheOtherWrote()
    {
        await _microsofts.SetStringAsync(_key, "value", Cancel);
        await _node.Cache.RemoveAsync(_key, Cancel);
        Assert.Null(await _microsofts.GetAsync(_key, Cancel));

        await _node.Distributed.SetAsync(_key, [1], Cancel);
        await _microsofts.RemoveAsync(_key, Cancel);
        Assert.Null(await _node.Distributed.GetAsync(_key, Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SlidingEntry_ReadByTheOtherSide_LivesOn(bool isLarders)
    {
        var sliding = new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(1) };
        var (writer, reader) = isLarders ? (_node.Distributed, _microsofts) : ((IDistributedCache)_microsofts, _node.Distributed);
        await writer.SetAsync(_key, [1], sliding, Cancel);
        await fixture.Database.KeyExpireAsync(_prefix + _key, TimeSpan.FromSeconds(20));

        Assert.NotNull(await reader.GetAsync(_key, Cancel));

        var left = await fixture.Database.KeyTimeToLiveAsync(_prefix + _key);
        Assert.InRange(left!.Value, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task GetOrCreate_OfWhatRedisCacheWroteBeforeClear_RunsTheFactory()
    {
        await _microsofts.SetStringAsync(_key, "before", Cancel);
        await _node.Cache.ClearAsync(Cancel);

        var value = await _node.Cache.GetOrCreateAsync(_key, _ => new ValueTask<string>("after"), cancellationToken: Cancel);

        Assert.Equal("after", value);
        Assert.Equal("after", await _microsofts.GetStringAsync(_key, Cancel));
    }

    [Fact]
    public async Task LarderCache_OfWhatLardersDistributedCacheWrote_ReadsItUntilClear()
    {
        await _node.Cache.ClearAsync(Cancel);
        await _node.Distributed.SetAsync(_key, Encoding.UTF8.GetBytes("raw"), Cancel);

        Assert.Equal("raw", (await _node.Cache.TryGetAsync<string>(_key, Cancel)).Value);
        await _node.Cache.ClearAsync(Cancel);
        Assert.False((await _node.Cache.TryGetAsync<string>(_key, Cancel)).Found);
        Assert.Equal("raw"u8.ToArray(), await _node.Distributed.GetAsync(_key, Cancel) ?? []);
    }

    private Task<Hash> ReadHashAsync() => Hash.ReadAsync(fixture.Database, _prefix + _key);

    private Task<Node> StartNodeAsync() => Node.StartAsync(
        builder => builder.Services.AddLarder(options => options.KeyPrefix = _prefix).UseRedis(fixture.Server.Configuration));
}

/// <summary>On <c>redis-server</c>.</summary>
public sealed class RedisServerLayout(RedisFixture fixture) : RedisCacheLayout(fixture), IClassFixture<RedisFixture>;

/// <summary>On embedded Garnet.</summary>
public sealed class GarnetLayout(GarnetFixture fixture) : RedisCacheLayout(fixture), IClassFixture<GarnetFixture>;
