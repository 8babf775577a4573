using System.Text;
using Larder.Payloads;
using Larder.Stores;
using Larder.Testing;
using Larder.Testing.Memory;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Larder.Tests.Payloads.Packing;

/// <summary>Caches of one L2 with different settings: what one wrote is another's value or a miss, and never an exception of the app.</summary>
public sealed class PackedCacheTests : IAsyncLifetime
{
    private static readonly string Text = string.Concat(Enumerable.Range(0, 2000).Select(i => $"line {i}, "));
    private static readonly string Key = Packings.NewKey();

    private readonly MemoryServer _server = new(TimeProvider.System);
    private readonly RecordedLog _log = new();
    private readonly List<ServiceProvider> _nodes = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _log.Dispose();
    }

    [Fact]
    public async Task Set_NothingConfigured_L2HasWhatTheSerializerWrote()
    {
        await Node().SetAsync("key", new[] { 1, 2 }, cancellationToken: Cancel);

        Assert.Equal("[1,2]", Encoding.UTF8.GetString(await StoredAsync("key")));
    }

    [Fact]
    public async Task GetOrCreate_Compressing_L2IsPackedAndOthersReadItWithCompressionOff()
    {
        var writer = Node(builder => builder.UseCompression());
        await writer.GetOrCreateAsync("key", _ => ValueTask.FromResult(Text), cancellationToken: Cancel);

        Assert.InRange((await StoredAsync("key")).Length, 1, Text.Length / 2);
        Assert.Equal(Text, (await writer.TryGetAsync<string>("key", Cancel)).Value);
        Assert.Equal(Text, (await Node().TryGetAsync<string>("key", Cancel)).Value);
    }

    [Fact]
    public async Task GetOrCreate_ReadFromL2Packed_L1GivesThePlainValueAgain()
    {
        await Node(Encrypting).SetAsync("key", new List<string> { Text }, cancellationToken: Cancel);
        var reader = await TrustingNodeAsync(Encrypting);

        Assert.Equal(CacheLevel.L2, (await reader.TryGetAsync<List<string>>("key", Cancel)).Level);
        var again = await reader.TryGetAsync<List<string>>("key", Cancel);

        Assert.Equal((CacheLevel.L1, Text), (again.Level, again.Value!.Single()));
    }

    [Fact]
    public async Task Set_CallForbidsCompression_L2HasThePlainText()
    {
        var options = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableCompression };
        await Node(builder => builder.UseCompression()).SetAsync("key", Text, options, cancellationToken: Cancel);

        Assert.Equal(Text, Encoding.UTF8.GetString(await StoredAsync("key")));
    }

    [Fact]
    public async Task GetOrCreate_EncryptedAndReaderWithoutTheKey_IsALoggedMissAndTheFactoryRuns()
    {
        await Node(Encrypting).SetAsync("key", "secret", cancellationToken: Cancel);

        Assert.Equal("made", await Node().GetOrCreateAsync("key", _ => ValueTask.FromResult("made"), cancellationToken: Cancel));
        Assert.Equal(
            ["An entry of L2 could not be unpacked; it counts as missing. It was encrypted by 'aes-gcm', which this cache was not given."],
            _log.Warnings);
    }

    [Fact]
    public async Task GetOrCreate_PlainValueSlippedIntoAnEncryptedCache_IsALoggedMissAndIsReplaced()
    {
        await Node().SetAsync("key", "injected", cancellationToken: Cancel);

        Assert.Equal("made", await Node(Encrypting).GetOrCreateAsync("key", _ => ValueTask.FromResult("made"), cancellationToken: Cancel));
        Assert.Contains("It is not encrypted, and AcceptUnencrypted is not set.", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        Assert.Equal("made", (await Node(Encrypting).TryGetAsync<string>("key", Cancel)).Value);
    }

    [Fact]
    public async Task TryGet_WhileASystemChangesToEncryption_BothKindsAreRead()
    {
        await Node().SetAsync("old", "plain", cancellationToken: Cancel);
        var node = await TrustingNodeAsync(builder => builder.UseEncryption(options =>
        {
            options.Keys["a"] = Key;
            options.AcceptUnencrypted = true;
        }));
        await node.SetAsync("new", "secret", cancellationToken: Cancel);
        var encrypting = await TrustingNodeAsync(Encrypting);

        Assert.Equal("plain", (await node.TryGetAsync<string>("old", Cancel)).Value);
        Assert.Equal("secret", (await encrypting.TryGetAsync<string>("new", Cancel)).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("\0larder:pack:zip:brotli:\u0001")]
    [InlineData("\0larder:pack:enc:aes-gcm:\u0001\u0002")]
    [InlineData("no JSON")]
    public async Task GetOrCreate_ForeignBytes_IsAMiss(string foreign)
    {
        await WriteRawAsync("key", Encoding.UTF8.GetBytes(foreign));

        Assert.Equal([1], await Node().GetOrCreateAsync("key", _ => ValueTask.FromResult(new List<int> { 1 }), cancellationToken: Cancel));
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public async Task GetOrCreate_ProtectorUnavailable_ValueIsReturnedAndNotCached()
    {
        var node = Node(builder => builder.UsePayloadProtector(_ => new Unavailable()));
        var calls = 0;

        for (var i = 1; i <= 2; i++)
        {
            Assert.Equal("made", await node.GetOrCreateAsync("key", _ => ValueTask.FromResult(++calls > 0 ? "made" : ""), cancellationToken: Cancel));
        }

        Assert.Equal(2, calls);
        Assert.Contains("the key ring is away", _log.Warnings.First(), StringComparison.Ordinal);
        Assert.Null(await new MemoryStore(_server, Context()).ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Set_ProtectorUnavailable_SaysSoAndLeavesWhatIsCached()
    {
        var node = await TrustingNodeAsync(builder => builder.UsePayloadProtector(_ => new Unavailable()));
        await node.SetAsync("local", "before", new() { Flags = HybridCacheEntryFlags.DisableDistributedCacheWrite }, cancellationToken: Cancel);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => node.SetAsync("local", "after", cancellationToken: Cancel).AsTask());

        Assert.Contains("the key ring is away", failure.Message, StringComparison.Ordinal);
        Assert.Equal("before", (await node.TryGetAsync<string>("local", Cancel)).Value);
    }

    [Fact]
    public async Task GetOrCreate_ReadRefused_TheRefusedPayloadIsReplacedForAll()
    {
        await WriteRawAsync("key", "\0larder:pack:zip:lz9:12345678901"u8.ToArray());

        await Node().GetOrCreateAsync("key", _ => ValueTask.FromResult("made"), cancellationToken: Cancel);

        Assert.Equal("made", (await Node().TryGetAsync<string>("key", Cancel)).Value);
    }

    private static void Encrypting(ILarderBuilder builder) => builder.UseEncryption(options => options.Keys["a"] = Key);

    private static StoreContext Context() => new()
    {
        CacheName = "",
        KeyPrefix = "",
        NodeId = $"peek.{Guid.NewGuid():N}",
        TimeProvider = TimeProvider.System,
        LoggerFactory = NullLoggerFactory.Instance,
    };

    private LarderCache Node(Action<ILarderBuilder>? configure = null)
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_log));
        var builder = services.AddLarder().UseStore((_, context) => new MemoryStore(_server, context));
        configure?.Invoke(builder);
        _nodes.Add(services.BuildServiceProvider());
        return _nodes[^1].GetRequiredService<LarderCache>();
    }

    private async Task<LarderCache> TrustingNodeAsync(Action<ILarderBuilder> configure)
    {
        var cache = Node(configure);
        await Eventually.TrueAsync(() => cache.Node.Trust.IsTrusted(cache.Node.Clock.Now));
        return cache;
    }

    private async Task<byte[]> StoredAsync(string key) => (await new MemoryStore(_server, Context()).ReadAsync(key, Cancel))!.Payload.ToArray();

    // An entry of this generation, as a cache that knows more or less than these might have written it.
    private async Task WriteRawAsync(string key, byte[] payload)
    {
        var store = new MemoryStore(_server, Context());
        var now = await store.ReadTagsAsync([], Cancel);
        await store.SetAsync(key, new StoreWrite { Payload = payload, Stamp = now.Now, Expiration = TimeSpan.FromMinutes(1) }, Cancel);
    }

    private sealed class Unavailable : IPayloadProtector
    {
        public string Name => "unavailable";

        public byte[] Protect(ReadOnlySpan<byte> payload, string key) => throw new NotSupportedException("the key ring is away");

        public byte[] Unprotect(ReadOnlySpan<byte> protectedPayload, string key) => throw new NotSupportedException("the key ring is away");
    }
}
