using System.Net;
using System.Net.Sockets;
using System.Text;
using Larder.Garnet.Hosting;
using Larder.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Xunit;

namespace Larder.Garnet.Tests.Hosting;

public sealed class EmbeddedGarnetServerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("larder-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Start_Always_AnswersARawClient()
    {
        await using var server = await EmbeddedServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());

        var answer = new byte[7];
        await client.GetStream().ReadExactlyAsync(answer);
        Assert.Equal("+PONG\r\n", Encoding.ASCII.GetString(answer));
    }

    [Fact]
    public async Task Start_Always_ListensOnLoopbackOnly()
    {
        await using var server = await EmbeddedServer.StartAsync();
        var others = (await Dns.GetHostAddressesAsync(Dns.GetHostName())).Where(address => !IPAddress.IsLoopback(address));
        foreach (var address in others)
        {
            using var client = new TcpClient(address.AddressFamily);
            await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(address, server.Port).WaitAsync(TimeSpan.FromSeconds(5)));
        }
    }

    [Fact]
    public async Task Script_RunByManyAtOnce_IsAtomic()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var client = await ConnectAsync(server);
            var increments = Enumerable.Range(0, 2_000).Select(_ => client.GetDatabase().ScriptEvaluateAsync(
                "redis.call('set', KEYS[1], (tonumber(redis.call('get', KEYS[1])) or 0) + 1)", ["counter"]));
            await Task.WhenAll(increments);
        }));

        await using var reader = await ConnectAsync(server);
        Assert.Equal(16_000, (int)await reader.GetDatabase().StringGetAsync("counter"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Save_Always_LeavesTheWorkingDirectoryAlone(bool keepsData)
    {
        var before = Directory.GetFileSystemEntries(Environment.CurrentDirectory, "*", SearchOption.AllDirectories);
        var server = await EmbeddedServer.StartAsync(options => options.DataDirectory = keepsData ? _directory : null);
        await using (var client = await ConnectAsync(server))
        {
            await client.GetDatabase().StringSetAsync("k", "v");
            Assert.Equal("OK", (string?)await client.GetDatabase().ExecuteAsync("SAVE"));
            await client.GetDatabase().ExecuteAsync("BGSAVE");
        }

        await server.DisposeAsync();
        Assert.Equal(before, Directory.GetFileSystemEntries(Environment.CurrentDirectory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Dispose_Always_FreesThePort()
    {
        var server = await EmbeddedServer.StartAsync();
        await using var client = await ConnectAsync(server);
        await server.DisposeAsync();

        using var listener = new TcpListener(IPAddress.Loopback, server.Port);
        listener.Start();
    }

    [Fact]
    public async Task Restart_InMemoryOnly_IsEmpty()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await SetAsync(server, "k", "v");
        await server.RestartAsync();
        Assert.Null(await GetAsync(server, "k"));
    }

    [Fact]
    public async Task Restart_WithDataDirectory_KeepsData()
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.DataDirectory = _directory);
        await SetAsync(server, "k", "v");
        await server.RestartAsync();
        Assert.Equal("v", await GetAsync(server, "k"));
        await server.RestartAsync();
        Assert.Equal("v", await GetAsync(server, "k"));
    }

    [Fact]
    public async Task Kill_WithDataDirectory_KeepsWhatWasAnswered()
    {
        var port = FreePort.Next();
        using (var app = TestApp.Start(port, $"--Larder:Garnet:DataDirectory={_directory}"))
        {
            await app.Started;
            await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");
            await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => client.GetDatabase().HashSetAsync($"k{i}", "data", i)));
            await client.GetDatabase().KeyDeleteAsync("k0");
            // What is answered is on its way to the disk, a moment from it.
            await Task.Delay(200);
            app.Kill();
        }

        await using var server = await EmbeddedServer.StartAsync(options => options.DataDirectory = _directory);
        await using var reader = await ConnectAsync(server);
        var values = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => reader.GetDatabase().HashGetAsync($"k{i}", "data")));
        Assert.Equal(Enumerable.Range(1, 1_999), values.Skip(1).Select(value => (int)value));
        Assert.True(values[0].IsNull);
    }

    [Fact]
    public async Task Start_WithDirectoryOfARunningServer_Throws()
    {
        await using var first = await EmbeddedServer.StartAsync(options => options.DataDirectory = _directory);
        var options = new EmbeddedGarnetOptions { Port = FreePort.Next(), DataDirectory = _directory };
        await Assert.ThrowsAsync<DirectoryInUseException>(() => EmbeddedGarnetServer.StartAsync(options, NullLoggerFactory.Instance));
    }

    [Fact]
    public async Task DataDirectory_AfterManyOverwrites_StaysSmall()
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.DataDirectory = _directory);
        await using var client = await ConnectAsync(server);
        var value = new byte[10_000];
        for (var written = 0L; written < 200L << 20; written += 100 * value.Length)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.GetDatabase().HashSetAsync($"k{i}", "data", value)));
        }

        await Eventually.TrueAsync(() => SizeOf(_directory) < 150L << 20, TimeSpan.FromSeconds(30));
        await server.RestartAsync();
        await Eventually.TrueAsync(async () => (await client.GetDatabase().HashGetAsync("k99", "data")).Length() == value.Length);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public async Task Write_PastTheMemorySize_DropsTheOldest(int size)
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.MemorySize = 16L << 20);
        await using var client = await ConnectAsync(server);
        var value = new byte[size];
        var count = (64 << 20) / size;
        for (var i = 0; i < count; i += 50)
        {
            await Task.WhenAll(Enumerable.Range(i, 50).Select(n => client.GetDatabase().HashSetAsync($"k{n}", "data", value)));
        }

        Assert.False(await client.GetDatabase().KeyExistsAsync("k0"));
        Assert.True(await client.GetDatabase().KeyExistsAsync($"k{count - 1}"));
        await Eventually.TrueAsync(
            async () => (long)await client.GetDatabase().ExecuteAsync("DBSIZE") * size <= 20L << 20,
            message: "what is kept fits into the memory, give or take");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_OfALargeValue_IsKept(bool keepsData)
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.DataDirectory = keepsData ? _directory : null);
        await using var client = await ConnectAsync(server);
        await client.GetDatabase().HashSetAsync("k", "data", new byte[20 << 20]);
        Assert.Equal(20 << 20, (await client.GetDatabase().HashGetAsync("k", "data")).Length());
    }

    [Theory]
    [InlineData(8L << 20)]
    [InlineData((100L << 20) + 1)]
    [InlineData(64L << 30)]
    public async Task Start_WithAnyAllowedMemorySize_UsesIt(long size)
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.MemorySize = size);
        await using var client = await ConnectAsync(server);
        var info = await client.GetServers()[0].InfoAsync("memory");
        var used = long.Parse(info.SelectMany(lines => lines).Single(line => line.Key == "store_heap_memory_target_size").Value, null);
        Assert.Equal(size >> 20 << 20, used);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartAndStop_Always_LogNothingAboveDebug(bool keepsData)
    {
        using var logs = new LogCollector();
        using var factory = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        for (var i = 0; i < 3; i++)
        {
            var options = new EmbeddedGarnetOptions { Port = FreePort.Next(), DataDirectory = keepsData ? _directory : null };
            var server = await EmbeddedGarnetServer.StartAsync(options, factory);
            await server.DisposeAsync();
        }

        Assert.DoesNotContain(logs.Lines, line => line.Level > LogLevel.Debug);
        Assert.NotEmpty(logs.Lines);
        Assert.All(logs.Lines, line => Assert.Equal("Larder.Garnet.Server", line.Category));
    }

    private static long SizeOf(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    private static Task<ConnectionMultiplexer> ConnectAsync(EmbeddedServer server) =>
        ConnectionMultiplexer.ConnectAsync($"{server.Configuration},allowAdmin=true,syncTimeout=30000,asyncTimeout=30000");

    private static async Task SetAsync(EmbeddedServer server, string key, string value)
    {
        await using var client = await ConnectAsync(server);
        await client.GetDatabase().StringSetAsync(key, value);
    }

    private static async Task<string?> GetAsync(EmbeddedServer server, string key)
    {
        await using var client = await ConnectAsync(server);
        return await client.GetDatabase().StringGetAsync(key);
    }
}
