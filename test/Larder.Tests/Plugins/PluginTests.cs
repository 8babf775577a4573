using System.Collections.Concurrent;
using Larder.Plugins;
using Larder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Plugins;

public sealed class PluginTests : IDisposable
{
    private readonly RecordedLog _log = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task AddPlugin_ToACache_GetsItsEventsAndIsStoppedAndDisposedAtItsEnd()
    {
        var diary = new Diary();
        var services = Services(builder => builder.AddPlugin<Watcher>(), diary);
        var cache = services.GetRequiredService<LarderCache>();
        await Eventually.TrueAsync(() => diary.Lines.Contains("start ''"), message: "the plugin has started");

        await cache.RemoveAsync("k", Cancel);
        await Eventually.TrueAsync(() => diary.Lines.Contains("Remove k"), message: "the plugin has the event");
        await services.DisposeAsync();

        Assert.Equal(["start ''", "Remove k", "stop ''", "dispose"], diary.Lines);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public async Task AddPlugin_ToTheDefaultCache_ThoseMadeAtRunTimeHaveOneOfTheirOwnAndOtherNamesHaveNone()
    {
        var diary = new Diary();
        await using (var services = Services(
            builder =>
            {
                builder.AddPlugin<Watcher>();
                builder.Services.AddLarder("orders");
            },
            diary))
        {
            services.GetRequiredService<LarderCache>();
            services.GetRequiredKeyedService<LarderCache>("orders");
            services.GetRequiredService<ILarderFactory>().GetCache("tenant");
            await Eventually.TrueAsync(() => diary.Lines.Count() == 2, message: "both have started");
        }

        Assert.Equal(
            ["dispose", "dispose", "start ''", "start 'tenant'", "stop ''", "stop 'tenant'"],
            diary.Lines.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("dispose")]
    public async Task Plugin_Throws_IsLoggedAndTheCacheAndTheOthersGoOn(string step)
    {
        var diary = new Diary();
        var services = Services(
            builder => builder.AddPlugin(_ => step == "create" ? throw new InvalidOperationException("at create") : new Scripted(step)).AddPlugin<Watcher>(), diary);
        var cache = services.GetRequiredService<LarderCache>();
        await Eventually.TrueAsync(() => diary.Lines.Contains("start ''"), message: "the other one has started");
        Assert.Equal("v", await cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Cancel));

        await services.DisposeAsync();

        Assert.Contains("stop ''", diary.Lines);
        Assert.Contains($"at {step}", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_BlocksAtItsStart_CacheWorksAndEndsAllTheSameAndBothAreLogged()
    {
        var gate = new Gate();
        var services = Services(builder => builder.AddPlugin(_ => new Scripted("none") { AtStart = () => gate.PassAsync().GetAwaiter().GetResult() }));
        var cache = services.GetRequiredService<LarderCache>();
        await gate.Reached;
        Assert.Equal("v", await cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Cancel));
        _time.Advance(PluginRunner.Patience);
        await Eventually.TrueAsync(() => _log.Warnings.Any(static line => line.Contains("to start", StringComparison.Ordinal)), message: "it is logged");

        await EndsAsync(services);

        Assert.Contains(_log.Warnings, static line => line.Contains("to stop", StringComparison.Ordinal));
        gate.Open();
    }

    [Fact]
    public async Task Plugin_BlocksAtItsStop_CacheEndsAllTheSame()
    {
        var gate = new Gate();
        var started = new TaskCompletionSource();
        var services = Services(builder => builder.AddPlugin(_ => new Scripted("none")
        {
            AtStart = started.SetResult,
            AtStop = () => gate.PassAsync().GetAwaiter().GetResult(),
        }));
        services.GetRequiredService<LarderCache>();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        await EndsAsync(services);

        Assert.Contains(_log.Warnings, static line => line.Contains("takes longer than 00:00:05 to stop", StringComparison.Ordinal));
        gate.Open();
    }

    [Fact]
    public async Task Plugin_WaitsAtItsStart_IsCancelledWhenTheCacheEnds()
    {
        var waiting = new TaskCompletionSource();
        var services = Services(builder => builder.AddPlugin(_ => new Waiting(waiting)));
        services.GetRequiredService<LarderCache>();
        await waiting.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        await services.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel); // the fake clock stands still: nobody's patience ends

        Assert.Empty(_log.Warnings);
    }

    private ServiceProvider Services(Action<ILarderBuilder> add, Diary? diary = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddSingleton(diary ?? new Diary())
            .AddLogging(logging => logging.AddProvider(_log));
        add(services.AddLarder());
        return services.BuildServiceProvider();
    }

    /// <summary>Ends the services while the clock moves: it is not known when exactly somebody begins to wait.</summary>
    private async Task EndsAsync(ServiceProvider services)
    {
        var ending = services.DisposeAsync().AsTask();
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(PluginRunner.Patience);
                return ending.IsCompleted;
            },
            message: "the cache has ended");
        await ending;
    }

    private sealed class Diary
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> Lines => _lines;

        public void Write(string line) => _lines.Enqueue(line);
    }

    private sealed class Watcher(Diary diary) : ILarderPlugin, IDisposable
    {
        public ValueTask StartAsync(LarderCache cache, CancellationToken cancellationToken)
        {
            cache.Events.Subscribe(seen => diary.Write($"{seen.Kind} {seen.Subject}"));
            diary.Write($"start '{cache.Name}'");
            return default;
        }

        public ValueTask StopAsync(LarderCache cache, CancellationToken cancellationToken)
        {
            diary.Write($"stop '{cache.Name}'");
            return default;
        }

        public void Dispose() => diary.Write("dispose");
    }

    private sealed class Scripted(string throwsAt) : ILarderPlugin, IAsyncDisposable
    {
        public Action? AtStart { get; init; }

        public Action? AtStop { get; init; }

        public ValueTask StartAsync(LarderCache cache, CancellationToken cancellationToken) => Do("start", AtStart);

        public ValueTask StopAsync(LarderCache cache, CancellationToken cancellationToken) => Do("stop", AtStop);

        public ValueTask DisposeAsync() => Do("dispose", null);

        private ValueTask Do(string step, Action? action)
        {
            action?.Invoke();
            return step == throwsAt ? throw new InvalidOperationException($"at {step}") : default;
        }
    }

    private sealed class Waiting(TaskCompletionSource waiting) : ILarderPlugin
    {
        public async ValueTask StartAsync(LarderCache cache, CancellationToken cancellationToken)
        {
            waiting.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public ValueTask StopAsync(LarderCache cache, CancellationToken cancellationToken) => throw new InvalidOperationException("It never started.");
    }
}
