using Larder.Redis.Tests.Nodes;
using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>
/// What the tests of a policy have: two app servers on one real server, and an origin. The time of the app servers stands
/// still until a test moves it; that of the server goes on.
/// </summary>
public abstract class PolicyTests(ServerKind kind) : NodesOnServer(kind)
{
    private readonly FakeTimeProvider _time = new();

    /// <summary>Each invalidation, from the node whose policy is tested, and from the other one.</summary>
    public static MatrixTheoryData<Invalidation, bool> AllInvalidations => new(Enum.GetValues<Invalidation>(), [false, true]);

    protected static TimeSpan Second { get; } = TimeSpan.FromSeconds(1);

    /// <summary>A time that no test lasts.</summary>
    protected static TimeSpan Hour { get; } = TimeSpan.FromHours(1);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected Origin Origin { get; } = new();

    private protected TestNode A { get; private set; } = null!;

    private protected TestNode B { get; private set; } = null!;

    /// <summary>The clock of the app servers; <see langword="null"/> for the system's.</summary>
    protected virtual TimeProvider? NodeTime => _time;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        A = await StartAsync();
        B = await StartAsync();

        // Where time passed for B, a pulse of A may have run out of it.
        await ComeUpAsync(A, B);
    }

    /// <summary>Starts a further app server.</summary>
    private protected async Task<TestNode> StartAsync()
    {
        var node = StartDetachedNode(Configure, NodeTime);
        await ComeUpAsync(node);
        return node;
    }

    /// <summary>The options of the app servers.</summary>
    protected virtual void Configure(LarderOptions options)
    {
        // Nobody renews a lease while the time of the app servers stands still.
        options.Lease.TimeToLive = TimeSpan.FromMinutes(1);
    }

    /// <summary>Lets time pass for the app servers, in steps that their pulses keep up with.</summary>
    protected async Task AdvanceAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= Second)
        {
            _time.Advance(left < Second ? left : Second);
            await CatchUpAsync();
        }
    }

    /// <summary>Lets a second pass for app servers of which nothing else is known.</summary>
    protected void AdvanceBlindly() => _time.Advance(Second);

    /// <summary>
    /// Lets time pass until a call has its answer, for four seconds at most: a wait may begin late, with the time that is then
    /// left to it.
    /// </summary>
    protected async Task AdvanceUntilAnsweredAsync(Task call)
    {
        for (var i = 0; i < 4 && !call.IsCompleted; i++)
        {
            await AdvanceAsync(Second);
        }

        await Eventually.TrueAsync(() => call.IsCompleted, message: "the call has its answer");
    }

    /// <summary>Waits until both nodes have heard of everything.</summary>
    protected async Task CatchUpAsync()
    {
        // An echo from before, sent at the very time at which this one is, would pass for it.
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await A.CatchUpAsync();
        await B.CatchUpAsync();
    }

    /// <summary>Writes the value "old", with the tag of the invalidations, so that both nodes have it in L1.</summary>
    protected async Task StoreOldAsync(LarderEntryOptions options)
    {
        await A.Cache.SetAsync("k", "old", options, [InvalidationKinds.Tag], Cancel);
        await CatchUpAsync();
        Assert.Equal("old", await GetAsync(B, options));
        Assert.Equal(0, Origin.Calls);
    }

    /// <summary>Writes the value "old", and expires it on both nodes.</summary>
    protected async Task StoreExpiredAsync(LarderEntryOptions options)
    {
        await StoreOldAsync(options);
        await A.Cache.ExpireAsync("k", Cancel);
        await CatchUpAsync();
    }

    /// <summary>Reads the key on a node, or else from the origin. Its caller names no tags.</summary>
    private protected Task<string?> GetAsync(TestNode node, HybridCacheEntryOptions? options) => EndsAsync(
        node.Cache.GetOrCreateAsync("k", Origin, static (origin, token) => origin.CallAsync(token), options, cancellationToken: Cancel));

    /// <summary>Makes sure that a task that never ends fails its test.</summary>
    protected static async Task<T> EndsAsync<T>(ValueTask<T> call)
    {
        var task = call.AsTask();
        Assert.Same(task, await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(20), Cancel)));
        return await task;
    }

    /// <summary>Invalidates the key on B or on A, and waits until both have heard of it.</summary>
    protected async Task InvalidateAsync(Invalidation invalidation, bool byOther)
    {
        await (byOther ? B : A).Cache.InvalidateAsync(invalidation, "k");
        await CatchUpAsync();
    }

    /// <summary>After an invalidation: nothing of before is in L1 or L2, and a reader gets what was set or makes it anew.</summary>
    protected async Task AssertGoneAsync(Invalidation invalidation)
    {
        Assert.Equal(invalidation.Leaves(), await A.PeekStoreAsync("k"));
        Assert.Equal(invalidation.Leaves(), await A.PeekAsync("k"));
        Assert.Equal(invalidation.Leaves(), await B.PeekAsync("k"));
        var next = invalidation.Leaves() ?? "next";
        Assert.Equal(next, await B.GetAsync("k", "next"));
        await CatchUpAsync();
        Assert.Equal(next, await A.GetAsync("k", "never"));
    }

    /// <summary>Waits until A has given back, or committed under, so many leases.</summary>
    protected Task LeasesHaveEndedAsync(int count) =>
        Eventually.TrueAsync(() => A.Store.EndedLeases >= count, message: $"{count} leases have ended");

    private async Task ComeUpAsync(params TestNode[] nodes)
    {
        var polls = 0;
        await Eventually.TrueAsync(
            () =>
            {
                // Where a pulse was too early, the next one comes only as time passes.
                if (++polls % 100 == 0)
                {
                    _time.Advance(Second);
                }

                return Array.TrueForAll(nodes, static node => node.Cache.Node.Trust.IsTrusted(node.Cache.Node.Clock.Now) && !node.Cache.Node.Line!.IsDown);
            },
            TimeSpan.FromSeconds(30),
            "the nodes trust their L1");
    }
}
