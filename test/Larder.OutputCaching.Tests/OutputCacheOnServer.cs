using Larder.Testing;
using Xunit;

namespace Larder.OutputCaching.Tests;

/// <summary>ASP.NET Core's output cache on two app servers with one real store.</summary>
public abstract class OutputCacheOnServer(ServerKind kind) : IAsyncLifetime
{
    private readonly PageData _data = new();
    private ITestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PageServer A { get; set; } = null!;

    private PageServer B { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(kind);
        A = await PageServer.StartAsync(_server, _data);
        B = await PageServer.StartAsync(_server, _data);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var pages in new[] { A, B })
        {
            if (pages is not null)
            {
                await pages.DisposeAsync();
            }
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Get_RenderedByTheOtherServer_IsNotRenderedAgain()
    {
        Assert.Equal("old", await A.GetAsync("/page"));
        _data.Value = "new";

        Assert.Equal("old", await A.GetAsync("/page"));
        Assert.Equal("old", await B.GetAsync("/page"));
        Assert.Equal("new", await B.GetAsync("/page?other"));
        Assert.Equal((1, 1), (A.Renderings, B.Renderings));
    }

    [Fact]
    public async Task Get_LargePage_IsTheSameOnBothServersFromEachLevel()
    {
        var rendered = await A.GetHashAsync("/large");

        Assert.Equal(rendered, await A.GetHashAsync("/large"));
        Assert.Equal(rendered, await B.GetHashAsync("/large"));
        Assert.Equal(rendered, await B.GetHashAsync("/large"));
        Assert.Equal((1, 0), (A.Renderings, B.Renderings));
    }

    [Fact]
    public async Task EvictByTag_OnOneServer_PageIsGoneOnBoth()
    {
        await A.GetAsync("/page");
        await B.GetAsync("/page");
        _data.Value = "new";

        await A.Pages.EvictByTagAsync("page", Cancel);

        Assert.Equal("new", await A.GetAsync("/page"));
        await Eventually.TrueAsync(async () => await B.GetAsync("/page") == "new", message: "the other server knows of the eviction");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EvictByTag_WhileAPageIsRendered_WhatWasRenderedIsNotKept(bool byOther)
    {
        var gate = _data.Hold();
        var slow = A.GetAsync("/page");
        await gate.Reached;
        _data.Value = "new";

        await (byOther ? B : A).Pages.EvictByTagAsync("page", Cancel);
        gate.Open();
        Assert.Equal("old", await slow);

        await Eventually.TrueAsync(async () => await A.GetAsync("/page") == "new", message: "A knows of the eviction");
        await Eventually.TrueAsync(async () => await B.GetAsync("/page") == "new", message: "B knows of the eviction");
        Assert.Equal(2, A.Renderings + B.Renderings);
    }

    [Fact]
    public async Task EvictByTag_OnTheOtherServerJustBeforeThePageIsSet_NoServerServesIt()
    {
        // The request has rendered the page from old data; what it found when it began is all that tells.
        var gate = _data.Hold();
        var slow = A.GetAsync("/page");
        await gate.Reached;
        _data.Value = "new";
        await B.Pages.EvictByTagAsync("page", Cancel);
        gate.Open();
        await slow;

        // A server that has just started knows L2 alone.
        await using var fresh = await PageServer.StartAsync(_server, _data);
        Assert.Equal("new", await fresh.GetAsync("/page"));
    }

    [Fact]
    public async Task Get_AfterAnEvictionWhileThePageIsRendered_DoesNotWaitForThatRendering()
    {
        var gate = _data.Hold();
        var slow = A.GetAsync("/page");
        await gate.Reached;
        _data.Value = "new";

        await A.Pages.EvictByTagAsync("page", Cancel);

        Assert.Equal("new", await A.GetAsync("/page").WaitAsync(TimeSpan.FromSeconds(20), Cancel));
        gate.Open();
        Assert.Equal("old", await slow);
        Assert.Equal("new", await A.GetAsync("/page"));
        Assert.Equal(2, A.Renderings);
    }

    [Fact]
    public async Task Get_ManyAtOnce_OneRendersThePage()
    {
        var gate = _data.Hold();
        var first = A.GetAsync("/page");
        await gate.Reached;
        _data.Value = "new";

        var others = Enumerable.Range(0, 20).Select(_ => A.GetAsync("/page")).ToArray();
        await Task.Delay(100, Cancel); // that they have come can't be seen; the test holds if they have not
        gate.Open();

        Assert.Equal("old", await first);
        Assert.All(await Task.WhenAll(others), static page => Assert.Equal("old", page));
        Assert.Equal(1, A.Renderings);
    }

    [Theory]
    [InlineData("page")]
    [InlineData("*")]
    public async Task RemoveByTag_OfTheCache_EvictsPagesWithIt(string tag)
    {
        await A.GetAsync("/page");
        await A.Cache.SetAsync("entry", "x", tags: ["page"], cancellationToken: Cancel);
        _data.Value = "new";

        await A.Cache.RemoveByTagAsync(tag, Cancel);

        Assert.Equal("new", await A.GetAsync("/page"));
        Assert.False((await A.Cache.TryGetAsync<string>("entry", Cancel)).Found);
    }

    [Fact]
    public async Task EvictByTag_StoreIsDown_IsDeliveredWhenItIsBack()
    {
        await A.GetAsync("/page");
        await B.GetAsync("/page");
        await _server.KillAsync();
        await Eventually.TrueAsync(() => A.Cache.Node.Line!.IsDown && B.Cache.Node.Line!.IsDown, TimeSpan.FromSeconds(30));
        _data.Value = "new";

        await A.Pages.EvictByTagAsync("page", Cancel);
        Assert.Equal("new", await A.GetAsync("/page"));

        await _server.RestartAsync();
        await A.TrustsItsL1Async();
        await B.TrustsItsL1Async();
        await Eventually.TrueAsync(async () => await B.GetAsync("/page") == "new", message: "the other server knows of the eviction");
        Assert.DoesNotContain(A.Log.Lines, static line => line.Contains("unhandled exception", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Get_PolicyWithoutLookup_IsRenderedAndNotKept()
    {
        Assert.Equal("old", await A.GetAsync("/refreshed"));
        _data.Value = "new";

        Assert.Equal("new", await A.GetAsync("/refreshed"));
        Assert.Contains(A.Log.Warnings, static line => line.Contains("AllowCacheLookup", StringComparison.Ordinal));
        Assert.Equal(0, A.Cache.Node.Local.Local.Count);
    }
}

/// <summary>On redis-server.</summary>
public sealed class OutputCacheOnRedis() : OutputCacheOnServer(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class OutputCacheOnGarnet() : OutputCacheOnServer(ServerKind.Garnet);
