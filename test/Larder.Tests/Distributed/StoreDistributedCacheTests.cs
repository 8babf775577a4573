using System.Buffers;
using Larder.Distributed;
using Larder.Stores;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Distributed;

public sealed class StoreDistributedCacheTests : IAsyncDisposable
{
    private static readonly byte[] Value = [1, 2, 3];

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _log = [];
    private readonly DistributedCacheStore _store;
    private readonly StoreDistributedCache _cache;
    private bool _fails;

    public StoreDistributedCacheTests()
    {
        var memory = new MemoryProvider(_time);
        var provider = new LoggedProvider(
            () => _fails ? throw new InvalidOperationException("down") : memory.Cache, key => _log.Add($"store {key}"));
        _store = new DistributedCacheStore(provider, new StoreContext
        {
            CacheName = "", KeyPrefix = "", NodeId = "a", TimeProvider = _time, LoggerFactory = NullLoggerFactory.Instance,
        });
        _cache = new StoreDistributedCache(_store, _time, () => new TagStamp("generation", 42), key => _log.Add($"L1 {key}"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Get_NothingThere_Null()
    {
        Assert.Null(await _cache.GetAsync("key", Cancel));
        Assert.Null(_cache.Get("key"));
        Assert.False(_cache.TryGet("key", new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public async Task Get_AfterSet_TheValue()
    {
        await _cache.SetAsync("key", Value, Cancel);

        Assert.Equal(Value, await _cache.GetAsync("key", Cancel));
        Assert.Equal(Value, _cache.Get("key"));
    }

    [Fact]
    public void Get_AfterSynchronousSetAndRemove_AsTheAsynchronous()
    {
        _cache.Set("key", Value);
        Assert.Equal(Value, _cache.Get("key"));

        _cache.Refresh("key");
        _cache.Remove("key");

        Assert.Null(_cache.Get("key"));
    }

    [Fact]
    public async Task TryGet_AfterSetOfASequence_TheValueBehindWhatTheBufferHolds()
    {
        var sequence = new ReadOnlySequence<byte>([0, 1, 2, 3, 4], 1, 3);
        await _cache.SetAsync("key", sequence, new DistributedCacheEntryOptions(), Cancel);
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write<byte>([9]);

        Assert.True(await _cache.TryGetAsync("key", buffer, Cancel));

        Assert.Equal([9, 1, 2, 3], buffer.WrittenSpan.ToArray());
    }

    [Fact]
    public async Task Set_EmptyValue_IsAValue()
    {
        await _cache.SetAsync("key", [], Cancel);

        Assert.Empty((await _cache.GetAsync("key", Cancel))!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Set_WithAbsoluteExpiration_EndsAtThatMoment(bool isRelative)
    {
        var options = isRelative
            ? new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(10) }
            : new DistributedCacheEntryOptions { AbsoluteExpiration = _time.GetUtcNow().ToOffset(TimeSpan.FromHours(5)) + TimeSpan.FromMinutes(10) };
        await _cache.SetAsync("key", Value, options, Cancel);

        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.NotNull(await _cache.GetAsync("key", Cancel));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await _cache.GetAsync("key", Cancel));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("tryget")]
    [InlineData("refresh")]
    public async Task AnyRead_OfASlidingEntry_KeepsItAlive(string how)
    {
        await _cache.SetAsync("key", Value, new() { SlidingExpiration = TimeSpan.FromMinutes(10) }, Cancel);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(9));
            await (how switch
            {
                "get" => _cache.GetAsync("key", Cancel),
                "tryget" => _cache.TryGetAsync("key", new ArrayBufferWriter<byte>(), Cancel).AsTask(),
                _ => _cache.RefreshAsync("key", Cancel),
            });
        }

        Assert.NotNull(await _cache.GetAsync("key", Cancel));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await _cache.GetAsync("key", Cancel));
    }

    [Fact]
    public async Task Set_Done_CarriesTheTagClockAndNoTags()
    {
        await _cache.SetAsync("key", Value, Cancel);

        var entry = await _store.ReadAsync("key", Cancel);
        Assert.Equal(new TagStamp("generation", 42), entry!.Stamp);
        Assert.Null(entry!.Tags);
    }

    [Fact]
    public async Task Set_ExpirationNotInTheFuture_Throws()
    {
        var past = new DistributedCacheEntryOptions { AbsoluteExpiration = _time.GetUtcNow() };

        var exception = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _cache.SetAsync("key", Value, past, Cancel));

        Assert.Contains(nameof(past.AbsoluteExpiration), exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _cache.Set("key", Value, past));
    }

    [Fact]
    public async Task AnyCall_WithNull_Throws()
    {
        var options = new DistributedCacheEntryOptions();
        await Assert.ThrowsAsync<ArgumentNullException>("key", () => _cache.GetAsync(null!, Cancel));
        await Assert.ThrowsAsync<ArgumentNullException>("key", () => _cache.RefreshAsync(null!, Cancel));
        await Assert.ThrowsAsync<ArgumentNullException>("key", () => _cache.RemoveAsync(null!, Cancel));
        await Assert.ThrowsAsync<ArgumentNullException>("key", () => _cache.SetAsync(null!, Value, options, Cancel));
        await Assert.ThrowsAsync<ArgumentNullException>("value", () => _cache.SetAsync("key", null!, options, Cancel));
        await Assert.ThrowsAsync<ArgumentNullException>("options", () => _cache.SetAsync("key", Value, null!, Cancel));
        await Assert.ThrowsAsync<ArgumentNullException>("destination", () => _cache.TryGetAsync("key", null!, Cancel).AsTask());
        Assert.Throws<ArgumentNullException>("key", () => _cache.Get(null!));
        Assert.Throws<ArgumentNullException>("value", () => _cache.Set("key", null!, options));
    }

    [Fact]
    public async Task AnyCall_WithAReservedKey_Throws()
    {
        await Assert.ThrowsAsync<ArgumentException>("key", () => _cache.GetAsync("larder:clock", Cancel));
        await Assert.ThrowsAsync<ArgumentException>("key", () => _cache.RemoveAsync("larder:clock", Cancel));
        await Assert.ThrowsAsync<ArgumentException>("key", () => _cache.SetAsync("larder:clock", Value, Cancel));
    }

    [Fact]
    public async Task SetAndRemove_Done_L1ForgetsTheKeyBeforeAndAfter()
    {
        await _cache.SetAsync("key", Value, Cancel);
        await _cache.RemoveAsync("key", Cancel);

        Assert.Equal(["L1 key", "store key", "L1 key", "L1 key", "store key", "L1 key"], _log);
    }

    [Fact]
    public async Task Set_StoreFails_ThrowsAndL1ForgetsTheKeyAllTheSame()
    {
        _fails = true;

        await Assert.ThrowsAsync<InvalidOperationException>(() => _cache.SetAsync("key", Value, Cancel));

        Assert.Equal(["L1 key", "L1 key"], _log);
    }

    [Fact]
    public async Task Reads_Done_LeaveL1Alone()
    {
        await _cache.GetAsync("key", Cancel);
        await _cache.RefreshAsync("key", Cancel);

        Assert.Empty(_log);
    }

    private sealed class LoggedProvider(Func<IDistributedCache> inner, Action<string> log) : ProviderFake(inner)
    {
        public override async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            await base.SetAsync(key, value, options, token);
            log(key);
        }

        public override async Task RemoveAsync(string key, CancellationToken token = default)
        {
            await base.RemoveAsync(key, token);
            log(key);
        }
    }
}
