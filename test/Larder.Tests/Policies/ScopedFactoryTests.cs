using Larder.Factories;
using Larder.Testing;
using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests.Policies;

/// <summary>A factory that needs a scoped service, which it has also after its caller's scope has ended.</summary>
[Collection(nameof(Alone))]
public sealed class ScopedFactoryTests() : MemoryPolicyTests(addServices: static services => services
    .AddSingleton<Database.Log>().AddScoped<Database>())
{
    private static readonly LarderEntryOptions Options = new()
    {
        Expiration = 100 * Second,
        EagerRefresh = 0.9,
        FailSafe = new FailSafeOptions { MaximumDuration = 60 * Second },
        FactoryTimeout = new FactoryTimeoutOptions { Soft = 2 * Second },
    };

    private Database.Log Databases => Services.GetRequiredService<Database.Log>();

    [Fact]
    public async Task Get_Miss_EachRunHasAServiceOfItsOwnThatEndsWithIt()
    {
        foreach (var key in (string[])["a", "b"])
        {
            Assert.Equal("open", await Cache.GetOrCreateScopedAsync(
                key, static async (Database database, CancellationToken cancellationToken) => await database.LoadAsync(null, cancellationToken), cancellationToken: Cancel));
        }

        Assert.Equal((2, 2), (Databases.Made, Databases.Disposed));
    }

    [Fact]
    public async Task Get_Hit_MakesNoScopeAndAllocatesNothing()
    {
        await LoadAsync(null);
        Func<Database, CancellationToken, ValueTask<string>> factory = static (database, cancellationToken) => database.LoadAsync(null, cancellationToken);
        Func<Database, LarderEntryContext<string>, CancellationToken, ValueTask<string>> adaptive =
            static (database, _, cancellationToken) => database.LoadAsync(null, cancellationToken);
        int Hit() => LengthOf(Cache.GetOrCreateScopedAsync("k", factory)) + LengthOf(Cache.GetOrCreateScopedAsync("k", adaptive));
        var (hits, length) = (0, 0);

        var allocated = Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++, hits++)
            {
                length += Hit();
            }
        });

        Assert.Equal(0, allocated);
        Assert.Equal((hits * 2 * "open".Length, 1), (length, Databases.Made));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_FactoryThrows_CallerGetsItAndTheScopeHasEnded(bool atOnce)
    {
        await Assert.ThrowsAsync<OriginDownException>(() => Cache.GetOrCreateScopedAsync<Database, string>(
            "k",
            async (_, _) =>
            {
                if (!atOnce)
                {
                    await Task.Yield();
                }

                throw new OriginDownException();
            },
            cancellationToken: Cancel).AsTask());

        Assert.Equal((1, 1), (Databases.Made, Databases.Disposed));
    }

    [Fact]
    public async Task Get_RefreshedEarlyAfterTheRequestHasEnded_FactorysServiceIsOpen()
    {
        await Cache.SetAsync("k", "old", Options, cancellationToken: Cancel);
        Time.Advance(90 * Second);
        var gate = new Gate();

        await using (var request = Services.CreateAsyncScope())
        {
            request.ServiceProvider.GetRequiredService<Database>();
            Assert.Equal("old", await LoadAsync(gate));
            await gate.Reached;
        }

        Assert.Equal((2, 1), (Databases.Made, Databases.Disposed));
        gate.Open();
        await Eventually.TrueAsync(async () => await PeekAsync() == "open");
        Assert.Equal((2, 2), (Databases.Made, Databases.Disposed));
    }

    [Fact]
    public async Task Get_SoftTimeout_FactoryGoesOnWithItsService()
    {
        await Cache.SetAsync("k", "old", Options, cancellationToken: Cancel);
        await Cache.ExpireAsync("k", Cancel);
        var gate = new Gate();

        var call = LoadAsync(gate);
        await gate.Reached;
        Time.Advance(2 * Second);

        Assert.Equal("old", await call);
        Assert.Equal(0, Databases.Disposed);
        gate.Open();
        await Eventually.TrueAsync(async () => await PeekAsync() == "open");
        Assert.Equal(1, Databases.Disposed);
    }

    [Fact]
    public async Task Get_CallerLeaves_ScopeLastsUntilTheFactoryIsOver()
    {
        using var caller = new CancellationTokenSource();
        var ending = new Gate();
        var wasCancelled = false;
        var call = Cache.GetOrCreateScopedAsync<Database, string>(
            "k",
            async (database, cancellationToken) =>
            {
                await ending.PassAsync(CancellationToken.None);
                wasCancelled = cancellationToken.IsCancellationRequested;
                return await database.LoadAsync(null, CancellationToken.None);
            },
            cancellationToken: caller.Token).AsTask();
        await ending.Reached;

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(0, Databases.Disposed);
        ending.Open();
        await Eventually.TrueAsync(() => Databases.Disposed == 1);
        Assert.Equal((true, 1), (wasCancelled, Databases.Loads));
    }

    [Fact]
    public async Task Get_Context_DecidesByTheValueAndSeesTheExpiredOne()
    {
        await Cache.SetAsync("k", "old", Options, cancellationToken: Cancel);
        await Cache.ExpireAsync("k", Cancel);

        var made = await Cache.GetOrCreateScopedAsync<Database, string>(
            "k",
            static async (database, context, cancellationToken) =>
            {
                context.Tags = [InvalidationKinds.Tag];
                return $"{context.Key}, {context.Expired}, {await database.LoadAsync(null, cancellationToken)}";
            },
            Options,
            cancellationToken: Cancel);

        Assert.Equal("k, old, open", made);
        Assert.Equal(made, await PeekAsync());
        await Cache.RemoveByTagAsync(InvalidationKinds.Tag, Cancel);
        Assert.Null(await PeekAsync());
        Assert.Equal((1, 1), (Databases.Made, Databases.Disposed));
    }

    [Fact]
    public async Task Get_ServiceProvider_IsTheScopes()
    {
        var (first, second) = await Cache.GetOrCreateScopedAsync(
            "k",
            static (IServiceProvider services, CancellationToken _) =>
                ValueTask.FromResult((services.GetRequiredService<Database>().Number, services.GetRequiredService<Database>().Number)),
            cancellationToken: Cancel);

        Assert.Equal((1, 1), (first, second));
        Assert.Equal(1, Databases.Disposed);
    }

    [Fact]
    public async Task Get_ServiceIsNotRegistered_SaysWhichUnlessFailSafeHasAValue()
    {
        Task<string> CallAsync() => Cache.GetOrCreateScopedAsync("k", static (Version version, CancellationToken _) => ValueTask.FromResult($"{version}"), Options, cancellationToken: Cancel).AsTask();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(CallAsync);
        Assert.Equal(
            "The service of GetOrCreateScopedAsync was System.Version, which is not registered; it may be any service of the app, or System.IServiceProvider.",
            failure.Message);

        await Cache.SetAsync("k", "old", Options, cancellationToken: Cancel);
        await Cache.ExpireAsync("k", Cancel);
        Assert.Equal("old", await CallAsync());
    }

    [Fact]
    public async Task Run_CacheWithoutServices_SaysSo()
    {
        var scopes = new ServiceScopes(null);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => scopes.RunAsync<Database, int, int>(
            1, static (_, state, _) => ValueTask.FromResult(state), Cancel).AsTask());

        Assert.StartsWith("The cache was made without services, and has no ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ArgumentIsNull_SaysWhich()
    {
        Assert.Equal("key", (await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.GetOrCreateScopedAsync(
            null!, static (Database _, CancellationToken _) => ValueTask.FromResult(1)).AsTask())).ParamName);
        Assert.Equal("factory", (await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.GetOrCreateScopedAsync(
            "k", (Func<Database, CancellationToken, ValueTask<int>>)null!).AsTask())).ParamName);
    }

    // A service is no argument of HybridCache's factories: a call with a typed lambda means what it meant.
    [Fact]
    public async Task GetOrCreate_LambdaOfHybridCachesContext_IsHybridCaches()
    {
        var id = 7;

        Assert.Equal(1, await Cache.GetOrCreateAsync($"k:{id}", static (HybridCacheEntryContext _, CancellationToken _) => ValueTask.FromResult(1), cancellationToken: Cancel));
        Assert.Equal(2, await Cache.GetOrCreateAsync("k", static (LarderEntryContext<int> _, CancellationToken _) => ValueTask.FromResult(2), cancellationToken: Cancel));
    }

    private static int LengthOf(ValueTask<string> hit) => hit.IsCompletedSuccessfully ? hit.Result.Length : 0;

    private Task<string> LoadAsync(Gate? gate) => EndsAsync(Cache.GetOrCreateScopedAsync(
        "k", (Database database, CancellationToken cancellationToken) => database.LoadAsync(gate, cancellationToken), Options, cancellationToken: Cancel));

    /// <summary>What stands for a context of a database: scoped, and of no use once it is disposed.</summary>
    private sealed class Database(Database.Log log) : IAsyncDisposable
    {
        private bool _isDisposed;

        public int Number { get; } = Interlocked.Increment(ref log.Made);

        public async ValueTask<string> LoadAsync(Gate? gate, CancellationToken cancellationToken)
        {
            await (gate?.PassAsync(cancellationToken) ?? Task.CompletedTask);
            Interlocked.Increment(ref log.Loads);
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return "open";
        }

        public ValueTask DisposeAsync()
        {
            _isDisposed = true;
            Interlocked.Increment(ref log.Disposed);
            return default;
        }

        public sealed class Log
        {
            public int Made;
            public int Disposed;
            public int Loads;
        }
    }
}
