using System.Security.Cryptography;
using Larder.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Xunit;

namespace Larder.Payloads.Tests.Servers;

/// <summary>Every serializer with every compression and every encryption, and fleets that mix them, on a real server.</summary>
public abstract class PayloadsOnServer(ServerKind kind) : IAsyncLifetime
{
    private static readonly string Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly EphemeralDataProtectionProvider KeyRing = new();

    private static readonly Dictionary<string, Action<ILarderBuilder>> Steps = new(StringComparer.Ordinal)
    {
        ["json"] = static _ => { },
        ["messagepack"] = static builder => builder.UseMessagePack(),
        ["memorypack"] = static builder => builder.UseMemoryPack(),
        ["newtonsoft"] = static builder => builder.UseNewtonsoftJson(),
        ["protobuf"] = static builder => builder.UseProtobuf(),
        ["uncompressed"] = static _ => { },
        ["brotli"] = static builder => builder.UseCompression(),
        ["zstd"] = static builder => builder.UseZstandard(),
        ["unencrypted"] = static _ => { },
        ["aes-gcm"] = static builder => builder.UseEncryption(options => options.Keys["2026-11"] = Key),
        ["data-protection"] = static builder =>
        {
            builder.Services.AddSingleton<IDataProtectionProvider>(KeyRing);
            builder.UseDataProtection();
        },
    };

    private readonly List<Node> _nodes = [];
    private ITestServer _server = null!;
    private ConnectionMultiplexer _connection = null!;

    public static TheoryData<string, string, string> Combinations { get; } =
    [
        .. from serializer in new[] { "json", "messagepack", "memorypack", "newtonsoft", "protobuf" }
           from compression in new[] { "uncompressed", "brotli", "zstd" }
           from encryption in new[] { "unencrypted", "aes-gcm", "data-protection" }
           select (serializer, compression, encryption),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(kind);
        _connection = await ConnectionMultiplexer.ConnectAsync(_server.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task GetOrCreate_EachCombination_AnotherServerReadsItAndL2ShowsWhatItShould(string serializer, string compression, string encryption)
    {
        var (writer, reader) = (await NodeAsync(serializer, compression, encryption), await NodeAsync(serializer, compression, encryption));

        await writer.Cache.GetOrCreateAsync("made", _ => ValueTask.FromResult(Person.Ada), cancellationToken: Cancel);
        await writer.Cache.SetAsync("set", Person.Ada, cancellationToken: Cancel);
        var (made, set) = (await reader.Cache.TryGetAsync<Person>("made", Cancel), await reader.Cache.TryGetAsync<Person>("set", Cancel));

        Assert.Equal((CacheLevel.L2, Person.Ada), (made.Level, made.Value));
        Assert.Equal((CacheLevel.L2, Person.Ada), (set.Level, set.Value));
        Assert.Empty(reader.Log.Warnings);
        foreach (var key in new[] { "made", "set" })
        {
            var stored = await DataAsync(key);
            Assert.Equal(encryption == "unencrypted" && compression == "uncompressed", stored.AsSpan().IndexOf("Ada Lovelace"u8) >= 0 && !Packed(stored));
            Assert.Equal(encryption != "unencrypted", stored.AsSpan().StartsWith("\0larder:pack:enc:"u8));
            Assert.Equal(compression == "uncompressed", stored.Length > 10_000);
        }
    }

    [Theory]
    [InlineData("aes-gcm")]
    [InlineData("data-protection")]
    public async Task Hgetall_OfAnEncryptedEntry_ShowsNoPlainText(string encryption)
    {
        var node = await NodeAsync("json", "uncompressed", encryption);
        await node.Cache.SetAsync("key", new Plain(1_234_567), cancellationToken: Cancel);
        await node.Cache.SetAsync("text", "a secret text", cancellationToken: Cancel);

        foreach (var key in new[] { "key", "text" })
        {
            foreach (var field in await _connection.GetDatabase().HashGetAllAsync(key))
            {
                Assert.Equal(-1, ((byte[])field.Value!).AsSpan().IndexOf("1234567"u8));
                Assert.Equal(-1, ((byte[])field.Value!).AsSpan().IndexOf("secret"u8));
            }
        }
    }

    [Theory]
    [InlineData("zstd", "uncompressed", "compressed by 'zstd', which this cache does not know; it knows brotli")]
    [InlineData("brotli", "uncompressed", null)]
    [InlineData("uncompressed", "brotli", null)]
    [InlineData("brotli", "zstd", null)]
    public async Task GetOrCreate_FleetOfMixedCompression_ReadsOrMissesWithAReason(string writers, string readers, string? reason)
    {
        var writer = await NodeAsync("json", writers, "unencrypted");
        await writer.Cache.SetAsync("key", Person.Ada, cancellationToken: Cancel);
        var reader = await NodeAsync("json", readers, "unencrypted");

        await AssertReadOrMissAsync(reader, reason);

        // What the reader made in its place is for the writer to read.
        var fresh = await NodeAsync("json", writers, "unencrypted");
        Assert.Equal(reason is null ? Person.Ada.Name : "made", (await fresh.Cache.TryGetAsync<Person>("key", Cancel)).Value!.Name);
    }

    [Theory]
    [InlineData("aes-gcm", "unencrypted", "encrypted by 'aes-gcm', which this cache was not given")]
    [InlineData("unencrypted", "aes-gcm", "not encrypted, and AcceptUnencrypted is not set")]
    [InlineData("data-protection", "aes-gcm", "encrypted by 'data-protection', which this cache was not given")]
    public async Task GetOrCreate_FleetOfMixedEncryption_MissesWithAReason(string writers, string readers, string reason)
    {
        var writer = await NodeAsync("json", "brotli", writers);
        await writer.Cache.SetAsync("key", Person.Ada, cancellationToken: Cancel);

        await AssertReadOrMissAsync(await NodeAsync("json", "brotli", readers), reason);
    }

    [Theory]
    [InlineData("json", "messagepack")]
    [InlineData("json", "memorypack")]
    [InlineData("messagepack", "json")]
    [InlineData("messagepack", "memorypack")]
    [InlineData("memorypack", "json")]
    [InlineData("memorypack", "messagepack")]
    public async Task GetOrCreate_FleetOfMixedSerializers_MissesAndNeverTakesOneForTheOther(string writers, string readers)
    {
        var writer = await NodeAsync(writers, "uncompressed", "unencrypted");
        await writer.Cache.SetAsync("key", Person.Ada, cancellationToken: Cancel);
        await writer.Cache.SetAsync("int", 5, cancellationToken: Cancel);
        await writer.Cache.SetAsync("long", 12_345_678L, cancellationToken: Cancel);
        var reader = await NodeAsync(readers, "uncompressed", "unencrypted");

        await AssertReadOrMissAsync(reader, "could not be read as");
        Assert.Equal(-1, await reader.Cache.GetOrCreateAsync("int", _ => ValueTask.FromResult(-1), cancellationToken: Cancel));
        Assert.Equal(-1, await reader.Cache.GetOrCreateAsync("long", _ => ValueTask.FromResult(-1L), cancellationToken: Cancel));
    }

    [Theory]
    [InlineData("json", "protobuf", "could not be read as")]
    [InlineData("protobuf", "json", "could not be read as")]
    [InlineData("messagepack", "protobuf", "could not be read as")]
    [InlineData("protobuf", "messagepack", "could not be read as")]
    [InlineData("memorypack", "protobuf", "could not be read as")]
    [InlineData("protobuf", "memorypack", "could not be read as")]
    [InlineData("protobuf", "newtonsoft", "could not be read as")]
    [InlineData("json", "newtonsoft", null)]
    [InlineData("newtonsoft", "json", null)]
    public async Task GetOrCreate_FleetThatChangesItsSerializer_ReadsOrMissesWithAReason(string writers, string readers, string? reason)
    {
        var writer = await NodeAsync(writers, "uncompressed", "unencrypted");
        await writer.Cache.SetAsync("key", Person.Ada, cancellationToken: Cancel);

        await AssertReadOrMissAsync(await NodeAsync(readers, "uncompressed", "unencrypted"), reason);
    }

    [Theory]
    [InlineData("aes-gcm")]
    [InlineData("data-protection")]
    public async Task GetOrCreate_CiphertextMovedChangedOrCut_IsALoggedMiss(string encryption)
    {
        var writer = await NodeAsync("json", "brotli", encryption);
        var database = _connection.GetDatabase();
        var tampered = new Dictionary<string, Func<byte[], byte[]>>(StringComparer.Ordinal)
        {
            ["moved"] = static stored => stored,
            ["changed"] = static stored => [.. stored[..^1], (byte)(stored[^1] ^ 1)],
            ["cut"] = static stored => stored[..^1],
            ["longer"] = static stored => [.. stored, 0],
        };
        await writer.Cache.SetAsync("source", Person.Ada, cancellationToken: Cancel);
        foreach (var (key, tamper) in tampered)
        {
            await writer.Cache.SetAsync(key, Person.Ada, cancellationToken: Cancel);
            var stored = await DataAsync(key == "moved" ? "source" : key);

            // Who can write to the server can also take the entry's checksums away, which are against accidents.
            await database.HashSetAsync(key, "data", tamper(stored));
            await database.HashDeleteAsync(key, ["ver", "clk"]);
        }

        var reader = await NodeAsync("json", "brotli", encryption);
        foreach (var key in tampered.Keys)
        {
            Assert.Equal("made", (await reader.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(Made), cancellationToken: Cancel)).Name);
        }

        Assert.Equal(4, reader.Log.Warnings.Count(line => line.Contains("could not be unpacked", StringComparison.Ordinal)));
        Assert.Equal(Person.Ada, (await reader.Cache.TryGetAsync<Person>("source", Cancel)).Value);
    }

    [Fact]
    public async Task TryGet_WhileKeysRotate_EveryServerReadsEveryOther()
    {
        var next = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var before = await NodeAsync("json", "uncompressed", "aes-gcm");
        var both = await RotatingAsync(current: "2026-11", next);
        await before.Cache.SetAsync("a", "a", cancellationToken: Cancel);
        await both.Cache.SetAsync("b", "b", cancellationToken: Cancel);
        var after = await RotatingAsync(current: "2026-12", next);
        await after.Cache.SetAsync("c", "c", cancellationToken: Cancel);

        Assert.Equal("b", (await before.Cache.TryGetAsync<string>("b", Cancel)).Value);
        Assert.Equal("c", (await both.Cache.TryGetAsync<string>("c", Cancel)).Value);
        Assert.Equal("a", (await after.Cache.TryGetAsync<string>("a", Cancel)).Value);
        Assert.DoesNotContain(Key, string.Concat(after.Log.Lines.Concat(both.Log.Lines)), StringComparison.Ordinal);
    }

    private static Person Made { get; } = new("made", 1, []);

    private async Task AssertReadOrMissAsync(Node reader, string? reason)
    {
        var read = await reader.Cache.GetOrCreateAsync("key", _ => ValueTask.FromResult(Made), cancellationToken: Cancel);

        Assert.Equal(reason is null ? Person.Ada : Made, read);
        if (reason is null)
        {
            Assert.Empty(reader.Log.Warnings);
        }
        else
        {
            Assert.Contains(reason, Assert.Single(reader.Log.Warnings), StringComparison.Ordinal);
        }
    }

    private static bool Packed(byte[] stored) => stored.AsSpan().StartsWith("\0larder:pack:"u8);

    private Task<Node> NodeAsync(params IEnumerable<string> steps) => StartAsync(builder =>
    {
        foreach (var step in steps)
        {
            Steps[step](builder);
        }
    });

    private Task<Node> RotatingAsync(string current, string next) => StartAsync(builder => builder.UseEncryption(options =>
    {
        options.Keys["2026-11"] = Key;
        options.Keys["2026-12"] = next;
        options.CurrentKey = current;
    }));

    private async Task<Node> StartAsync(Action<ILarderBuilder> configure)
    {
        var node = await Node.StartAsync(_server, configure);
        _nodes.Add(node);
        return node;
    }

    private async Task<byte[]> DataAsync(string key) => (byte[])(await _connection.GetDatabase().HashGetAsync(key, "data"))!;
}

/// <summary>On <c>redis-server</c>.</summary>
public sealed class PayloadsOnRedis() : PayloadsOnServer(ServerKind.Redis);

/// <summary>On embedded Garnet.</summary>
public sealed class PayloadsOnGarnet() : PayloadsOnServer(ServerKind.Garnet);
