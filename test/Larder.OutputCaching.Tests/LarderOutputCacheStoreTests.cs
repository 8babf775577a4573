using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.OutputCaching.Tests;

/// <summary>The store by itself, in requests that the test makes.</summary>
public sealed class LarderOutputCacheStoreTests : IAsyncDisposable
{
    private static readonly byte[] Page = "page"u8.ToArray();

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly IOutputCacheBufferStore _store;

    public LarderOutputCacheStoreTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddLogging();
        services.AddLarder(static options => options.DefaultEntryOptions = new() { SlidingExpiration = TimeSpan.FromSeconds(1) });
        services.AddLarderOutputCache();
        _services = services.BuildServiceProvider();
        _store = (IOutputCacheBufferStore)_services.GetRequiredService<IOutputCacheStore>();
        BeginRequest();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Set_AfterAMiss_LivesAsLongAsItIsValidWhateverTheCachesDefaultsSay()
    {
        Assert.Null(await _store.GetAsync("k", Cancel));
        await _store.SetAsync("k", Page, null, TimeSpan.FromMinutes(1), Cancel);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(Page, await _store.GetAsync("k", Cancel));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await _store.GetAsync("k", Cancel));
    }

    [Fact]
    public async Task Set_WithoutAMissOfThisRequest_IsNotKept()
    {
        await _store.GetAsync("k", Cancel);
        BeginRequest();

        await _store.SetAsync("k", Page, null, TimeSpan.FromMinutes(1), Cancel);

        Assert.Null(await _store.GetAsync("k", Cancel));
    }

    [Fact]
    public async Task Set_OutsideOfARequest_IsNotKept()
    {
        _services.GetRequiredService<IHttpContextAccessor>().HttpContext = null;
        await _store.GetAsync("k", Cancel);

        await _store.SetAsync("k", Page, null, TimeSpan.FromMinutes(1), Cancel);

        Assert.Null(await _store.GetAsync("k", Cancel));
    }

    [Fact]
    public async Task Set_TagOfAnotherPageWasEvictedSinceTheMiss_IsKept()
    {
        await _store.GetAsync("k", Cancel);
        await _store.EvictByTagAsync("other", Cancel);

        await _store.SetAsync("k", Page, ["t"], TimeSpan.FromMinutes(1), Cancel);

        Assert.Equal(Page, await _store.GetAsync("k", Cancel));
    }

    [Fact]
    public async Task Set_TagWasEvictedSinceTheMiss_DoesNotTakeThePlaceOfANewerPage()
    {
        var old = BeginRequest();
        await _store.GetAsync("k", Cancel);
        await _store.EvictByTagAsync("t", Cancel);
        BeginRequest();
        await _store.GetAsync("k", Cancel);
        await _store.SetAsync("k", Page, ["t"], TimeSpan.FromMinutes(1), Cancel);

        _services.GetRequiredService<IHttpContextAccessor>().HttpContext = old;
        await _store.SetAsync("k", "old"u8.ToArray(), ["t"], TimeSpan.FromMinutes(1), Cancel);

        Assert.Equal(Page, await _store.GetAsync("k", Cancel));
    }

    [Fact]
    public async Task TryGet_SetFromABufferThatIsUsedAgain_WritesWhatWasSet()
    {
        var (buffer, tags) = (Page.ToArray(), new[] { "t" });
        await _store.GetAsync("k", Cancel);
        await _store.SetAsync("k", new ReadOnlySequence<byte>(buffer), tags, TimeSpan.FromMinutes(1), Cancel);
        buffer.AsSpan().Clear();
        tags[0] = "other";

        var pipe = new Pipe();
        Assert.True(await _store.TryGetAsync("k", pipe.Writer, Cancel));
        await pipe.Writer.CompleteAsync();
        Assert.Equal("page", Encoding.UTF8.GetString((await pipe.Reader.ReadAsync(Cancel)).Buffer));
        await _store.EvictByTagAsync("t", Cancel);
        Assert.False(await _store.TryGetAsync("k", new Pipe().Writer, Cancel));
    }

    [Fact]
    public async Task Remove_OfAPagesKey_IsRefused()
    {
        var cache = _services.GetRequiredService<LarderCache>();

        await Assert.ThrowsAsync<ArgumentException>(() => cache.RemoveAsync(LarderOutputCacheStore.Prefix + "k", Cancel).AsTask());
    }

    private DefaultHttpContext BeginRequest()
    {
        var request = new DefaultHttpContext();
        _services.GetRequiredService<IHttpContextAccessor>().HttpContext = request;
        return request;
    }
}
