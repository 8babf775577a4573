using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Policies;

/// <summary>What the tests of a policy have: a cache in memory alone, whose time stands still until a test moves it, and an origin.</summary>
public abstract class MemoryPolicyTests : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    protected MemoryPolicyTests(Action<LarderOptions>? configure = null, Action<IServiceCollection>? addServices = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLarder(configure ?? (static _ => { }));
        addServices?.Invoke(services);
        _services = services.BuildServiceProvider();
        Cache = _services.GetRequiredService<LarderCache>();
    }

    public static TheoryData<Invalidation> AllInvalidations => [.. Enum.GetValues<Invalidation>()];

    protected static TimeSpan Second { get; } = TimeSpan.FromSeconds(1);

    protected static TimeSpan Instant { get; } = TimeSpan.FromMilliseconds(1);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected FakeTimeProvider Time { get; } = new();

    protected LarderCache Cache { get; }

    protected IServiceProvider Services => _services;

    protected Origin Origin { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads the key from the cache, or else from the origin. It ends in any case, so that a test that hangs fails.</summary>
    protected Task<string?> GetAsync(HybridCacheEntryOptions? options, IEnumerable<string>? tags = null) =>
        EndsAsync(Cache.GetOrCreateAsync("k", Origin, static (origin, cancellation) => origin.CallAsync(cancellation), options, tags, Cancel));

    /// <summary>What the cache has for the key, without the origin; <see langword="null"/> for nothing.</summary>
    protected async Task<string?> PeekAsync() => (await Cache.TryGetAsync<string>("k", Cancel)).Value;

    /// <summary>Makes sure that a task that never ends fails its test.</summary>
    protected static async Task<T> EndsAsync<T>(ValueTask<T> call)
    {
        var task = call.AsTask();
        Assert.Same(task, await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(15), Cancel)));
        return await task;
    }
}
