using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Expiration;

/// <summary>When an entry of L1 ends, to the millisecond.</summary>
public sealed class ExpirationTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly LarderCache _cache;

    public ExpirationTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddLarder();
        _services = services.BuildServiceProvider();
        _cache = _services.GetRequiredService<LarderCache>();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Absolute_ReadsDoNotMoveIt()
    {
        await SetAsync(new LarderEntryOptions { Expiration = 10 * Second });

        await AssertThereAfterAsync(5 * Second);
        await AssertThereAfterAsync((5 * Second) - Instant);
        await AssertGoneAfterAsync(Instant);
    }

    [Fact]
    public async Task NothingSet_FiveMinutes()
    {
        await SetAsync(null);

        await AssertThereAfterAsync(TimeSpan.FromMinutes(5) - Instant);
        await AssertGoneAfterAsync(Instant);
    }

    [Fact]
    public async Task LocalCacheExpiration_EndsBeforeTheOther()
    {
        await SetAsync(new LarderEntryOptions { Expiration = 10 * Second, LocalCacheExpiration = 3 * Second });

        await AssertThereAfterAsync((3 * Second) - Instant);
        await AssertGoneAfterAsync(Instant);
    }

    [Fact]
    public async Task Sliding_EachReadMovesIt()
    {
        await SetAsync(new LarderEntryOptions { SlidingExpiration = 10 * Second });

        for (var read = 0; read < 100; read++)
        {
            await AssertThereAfterAsync((10 * Second) - Instant);
        }

        await AssertGoneAfterAsync(10 * Second);
    }

    [Fact]
    public async Task Sliding_EachRefreshMovesIt()
    {
        await SetAsync(new LarderEntryOptions { SlidingExpiration = 10 * Second });

        for (var refresh = 0; refresh < 100; refresh++)
        {
            _time.Advance((10 * Second) - Instant);
            await _cache.RefreshAsync("k", Cancel);
        }

        await AssertThereAfterAsync((10 * Second) - Instant);
        await AssertGoneAfterAsync(10 * Second);
    }

    [Fact]
    public async Task Refresh_EntryThatDoesNotSlideOrIsNotThere_DoesNothing()
    {
        await SetAsync(new LarderEntryOptions { Expiration = 10 * Second });

        await _cache.RefreshAsync("k", Cancel);
        await _cache.RefreshAsync("another", Cancel);

        Assert.False((await _cache.TryGetAsync<string>("another", Cancel)).Found);
        await AssertThereAfterAsync((10 * Second) - Instant);
        await AssertGoneAfterAsync(Instant);
    }

    [Fact]
    public async Task Sliding_AbsoluteEndsItHoweverOftenItIsRead()
    {
        await SetAsync(new LarderEntryOptions { SlidingExpiration = 10 * Second, Expiration = 25 * Second });

        await AssertThereAfterAsync(9 * Second);
        await AssertThereAfterAsync(9 * Second);
        await AssertThereAfterAsync((7 * Second) - Instant);
        await AssertGoneAfterAsync(Instant);
    }

    [Fact]
    public async Task TryGet_Sliding_SaysWhenItEndsIfNobodyReadsIt()
    {
        await SetAsync(new LarderEntryOptions { SlidingExpiration = 10 * Second, Expiration = 15 * Second });
        _time.Advance(4 * Second);

        var found = await _cache.TryGetAsync<string>("k", Cancel);
        Assert.Equal((4 * Second, 10 * Second), (found.Age!.Value, found.ExpiresIn!.Value));

        _time.Advance(4 * Second);
        found = await _cache.TryGetAsync<string>("k", Cancel);
        Assert.Equal((8 * Second, 7 * Second), (found.Age!.Value, found.ExpiresIn!.Value));
    }

    [Fact]
    public async Task Sweep_ExpiredEntriesThatNobodyReads_LeaveL1()
    {
        for (var i = 0; i < 10; i++)
        {
            await _cache.SetAsync($"short {i}", "value", new LarderEntryOptions { Expiration = Second }, cancellationToken: Cancel);
            await _cache.SetAsync($"long {i}", "value", new LarderEntryOptions { Expiration = TimeSpan.FromHours(1) }, cancellationToken: Cancel);
        }

        _time.Advance(20 * Second);

        Assert.Equal(10, _cache.Node.Local.Local.Count);
    }

    private ValueTask SetAsync(LarderEntryOptions? options) => _cache.SetAsync("k", "value", options, cancellationToken: Cancel);

    private async Task AssertThereAfterAsync(TimeSpan time)
    {
        _time.Advance(time);
        Assert.Equal("value", await _cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("made"), cancellationToken: Cancel));
    }

    private async Task AssertGoneAfterAsync(TimeSpan time)
    {
        _time.Advance(time);
        Assert.False((await _cache.TryGetAsync<string>("k", Cancel)).Found);
    }
}
