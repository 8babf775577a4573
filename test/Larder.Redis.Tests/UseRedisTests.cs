using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests;

/// <summary>The ways to name a server, and what is said about wrong ones.</summary>
public sealed class UseRedisTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task UseRedis_Text_Works() =>
        AssertWorksAsync(builder => builder.Services.AddLarder().UseRedis(fixture.Server.Configuration));

    [Fact]
    public Task UseRedis_ConfigurationOptions_Works() =>
        AssertWorksAsync(builder => builder.Services.AddLarder()
            .UseRedis(options => options.ConfigurationOptions = ConfigurationOptions.Parse(fixture.Server.Configuration)));

    [Fact]
    public Task UseRedis_SettingOfTheApp_Works() => AssertWorksAsync(builder =>
    {
        builder.Configuration["Larder:Redis:Configuration"] = fixture.Server.Configuration;
        builder.Services.AddLarder().UseRedis();
    });

    [Fact]
    public async Task UseRedis_ConnectionOfTheApp_WorksAndIsLeftOpen()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(fixture.Server.Configuration);

        await AssertWorksAsync(builder => builder.Services.AddLarder()
            .UseRedis(options => options.ConnectionMultiplexerFactory = (_, _) => Task.FromResult<IConnectionMultiplexer>(connection)));

        Assert.True(connection.IsConnected);
        await connection.GetDatabase().PingAsync();
    }

    [Fact]
    public async Task UseRedis_Database_KeysAreInIt()
    {
        var key = await AssertWorksAsync(builder => builder.Services.AddLarder().UseRedis(fixture.Server.Configuration + ",defaultDatabase=3"));

        Assert.False(await fixture.Database.KeyExistsAsync(key));
        Assert.True(await fixture.Database.Multiplexer.GetDatabase(3).KeyExistsAsync(key));
    }

    [Fact]
    public async Task UseRedis_KeyPrefix_StandsInFrontOfEveryKey()
    {
        var key = await AssertWorksAsync(builder => builder.Services.AddLarder(options => options.KeyPrefix = "app1:").UseRedis(fixture.Server.Configuration));

        Assert.False(await fixture.Database.KeyExistsAsync(key));
        Assert.True(await fixture.Database.KeyExistsAsync("app1:" + key));
    }

    [Fact]
    public async Task UseRedis_TwoNamedCaches_KeepTheirKeysApart()
    {
        await using var node = await Node.StartAsync(builder =>
        {
            builder.Services.AddLarder("one").UseRedis(fixture.Server.Configuration);
            builder.Services.AddLarder("two").UseRedis(fixture.Server.Configuration);
        });
        var one = node.Services.GetRequiredKeyedService<LarderCache>("one");
        var two = node.Services.GetRequiredKeyedService<LarderCache>("two");

        await one.SetAsync("key", "of one", cancellationToken: Cancel);
        await two.SetAsync("key", "of two", cancellationToken: Cancel);

        Assert.Equal("of one", (await one.TryGetAsync<string>("key", Cancel)).Value);
        Assert.True(await fixture.Database.KeyExistsAsync("one:key"));
        Assert.True(await fixture.Database.KeyExistsAsync("two:key"));
    }

    [Fact]
    public async Task UseRedis_PasswordOnRedis_Works()
    {
        await using var server = await RedisServer.StartAsync(new RedisServerOptions { Password = "open sesame" });

        await AssertWorksAsync(builder => builder.Services.AddLarder().UseRedis($"{server.Configuration},password=open sesame"));
    }

    [Fact]
    public async Task UseRedis_UserWithTheDocumentedRightsAlone_EverythingWorks()
    {
        // docs/from-hybridcache.md names them; what stands behind "hello" is StackExchange.Redis's own.
        await fixture.Database.ExecuteAsync(
            "ACL",
            "SETUSER", "shop", "reset", "on", ">open sesame", "~shop:*", "&shop:*",
            "+@hash", "+del", "+pexpire", "+pttl", "+eval", "+evalsha", "+script|load", "+publish", "+subscribe", "+unsubscribe", "+time", "+info",
            "+hello", "+client", "+config|get", "+ping", "+echo");
        Task<Node> StartAsync() => Node.StartAsync(builder => builder.Services.AddLarder(options => options.KeyPrefix = "shop:")
            .UseRedis($"{fixture.Server.Configuration},user=shop,password=open sesame"));
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        foreach (var change in (Func<Task>[])[
            () => a.Cache.RemoveAsync("key", Cancel).AsTask(),
            () => a.Cache.ExpireAsync("key", Cancel).AsTask(),
            () => a.Cache.RemoveByTagAsync("tag", Cancel).AsTask(),
            () => a.Cache.ClearAsync(Cancel).AsTask()])
        {
            await a.Cache.GetOrCreateAsync("key", _ => new ValueTask<string>("value"), new LarderEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(1) }, ["tag"], Cancel);
            await a.Cache.RefreshAsync("key", Cancel);
            Assert.Equal("value", (await b.Cache.TryGetAsync<string>("key", Cancel)).Value);
            await Eventually.TrueAsync(async () => (await b.Cache.TryGetAsync<string>("key", Cancel)).Level == CacheLevel.L1);

            await change();

            await Eventually.TrueAsync(async () => !(await b.Cache.TryGetAsync<string>("key", Cancel)).Found);
        }
    }

    [Fact]
    public async Task UseRedis_PasswordOnGarnet_Works()
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.Password = "open sesame");

        await AssertWorksAsync(builder => builder.Services.AddLarder().UseRedis($"{server.Configuration},password=open sesame"));
    }

    [Fact]
    public async Task UseRedis_WrongPassword_TheAppStartsWithoutL2()
    {
        await using var server = await RedisServer.StartAsync(new RedisServerOptions { Password = "open sesame" });
        await using var node = await Node.StartAsync($"{server.Configuration},password=wrong");

        Assert.Equal("made", await node.Cache.GetOrCreateAsync("key", _ => new ValueTask<string>("made"), cancellationToken: Cancel));
    }

    [Theory]
    [InlineData("localhost:6379,noSuchOption=1,password=secret")]
    [InlineData("localhost:notaport,password=secret")]
    [InlineData("password=secret")]
    public async Task UseRedis_TextThatCannotBeRead_StartFailsNamingTheSettingAndNoSecret(string configuration)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(
            () => Node.StartAsync(builder => builder.Services.AddLarder().UseRedis(configuration)));

        Assert.Contains("Larder:Redis:Configuration", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseRedis_NoServerNamed_StartFailsNamingTheSettings()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => Node.StartAsync(builder => builder.Services.AddLarder().UseRedis()));

        Assert.Contains("Larder:Redis:Configuration", fault.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(LarderRedisOptions.ConnectionMultiplexerFactory), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseRedis_TwoWaysAtOnce_StartFails()
    {
        await Assert.ThrowsAsync<OptionsValidationException>(() => Node.StartAsync(builder => builder.Services.AddLarder().UseRedis(options =>
        {
            options.Configuration = fixture.Server.Configuration;
            options.ConfigurationOptions = ConfigurationOptions.Parse(fixture.Server.Configuration);
        })));
    }

    [Fact]
    public async Task UseRedis_AfterFailover_IsReadFromTheSettings()
    {
        await using var node = await Node.StartAsync(builder =>
        {
            builder.Configuration["Larder:Redis:AfterFailover"] = "keep";
            builder.Services.AddLarder().UseRedis(fixture.Server.Configuration);
        });

        Assert.Equal(AfterFailover.Keep, node.Services.GetRequiredService<IOptionsMonitor<LarderRedisOptions>>().CurrentValue.AfterFailover);
    }

    [Theory]
    [InlineData("maybe")]
    [InlineData("7")]
    public async Task UseRedis_AfterFailoverThatIsNone_StartFailsNamingTheSetting(string value)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => Node.StartAsync(builder =>
        {
            builder.Configuration["Larder:Redis:AfterFailover"] = value;
            builder.Services.AddLarder().UseRedis(fixture.Server.Configuration);
        }));

        Assert.Equal($"The setting Larder:Redis:AfterFailover was '{value}'; it may be Invalidate or Keep.", fault.Message);
    }

    [Fact]
    public void UseRedis_EmptyText_Throws() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddLarder().UseRedis(""));

    /// <summary>What one node caches, another one finds.</summary>
    /// <returns>The key it is under.</returns>
    private static async Task<string> AssertWorksAsync(Action<HostApplicationBuilder> configure)
    {
        var key = $"key {Guid.NewGuid():N}";
        await using var a = await Node.StartAsync(configure);
        await using var b = await Node.StartAsync(configure);
        await a.Cache.SetAsync(key, "value", cancellationToken: Cancel);

        var read = await b.Cache.TryGetAsync<string>(key, Cancel);

        Assert.Equal("value", read.Value);
        Assert.Equal(CacheLevel.L2, read.Level);
        return key;
    }
}
