using System.Collections.Concurrent;
using Larder.Redis.Tests.Nodes;
using Xunit;

namespace Larder.Redis.Tests;

/// <summary>The synchronous methods, on a thread that nothing may come back to while it is blocked.</summary>
public abstract class SynchronousTests(ServerKind kind) : TwoNodesOnServer(kind)
{
    private static readonly LarderEntryOptions Kept = new() { FailSafe = new() { MaximumDuration = TimeSpan.FromHours(1) } };

    [Fact]
    public void Operations_OnAThreadWithAContextOfItsOwn_AreAsTheAsynchronousOnes() => OneThread.Run(() =>
    {
        var (a, b) = (A.Cache, B.Cache);
        Assert.Equal("made", a.GetOrCreate("k", static () => "made"));
        Assert.Equal("made", b.GetOrCreate("k", "never", static value => value));
        Assert.Equal("made", a.TryGet<string>("k").Value);

        a.Set("k", "set", Kept, ["t"]);
        Assert.Equal("set", Peek(b));
        a.Expire("k");
        Assert.Null(Peek(b));
        var expired = b.TryGet<string>("k", new LarderEntryOptions { ReadExpired = true, FailSafe = Kept.FailSafe });
        Assert.Equal(("set", true), (expired.Value, expired.IsExpired));

        a.Set("k", "set", tags: ["t"]);
        a.RemoveByTag("t");
        Assert.Null(Peek(b));
        a.Set("k", "set");
        a.Remove("k");
        Assert.Null(Peek(b));
        a.Set("k", "set");
        a.Clear();
        Assert.Null(Peek(b));
    });

    [Fact]
    public void GetOrCreate_OtherNodeHoldsTheLease_WaitsForItsValue() => OneThread.Run(() =>
    {
        var gate = new Gate();
        var other = Task.Run(() => B.GetSlowlyAsync("k", "theirs", gate));
        gate.Reached.Wait(TestContext.Current.CancellationToken);
        _ = Task.Run(async () =>
        {
            await Eventually.TrueAsync(() => A.Store.Leases > 0);
            gate.Open();
        });

        Assert.Equal("theirs", A.Cache.GetOrCreate("k", static () => "mine"));
        Assert.Equal("theirs", other.GetAwaiter().GetResult());
    });

    [Fact]
    public void GetOrCreate_Cancelled_Throws() => OneThread.Run(() =>
    {
        var gate = new Gate();
        var other = Task.Run(() => B.GetSlowlyAsync("k", "theirs", gate));
        gate.Reached.Wait(TestContext.Current.CancellationToken);
        using var source = new CancellationTokenSource();
        _ = Task.Run(async () =>
        {
            await Eventually.TrueAsync(() => A.Store.Leases > 0);
            await source.CancelAsync();
        });

        Assert.ThrowsAny<OperationCanceledException>(() => A.Cache.GetOrCreate("k", static () => "mine", cancellationToken: source.Token));
        gate.Open();
        other.GetAwaiter().GetResult();
    });

    // Past L1, which hears of others a moment later.
    private static string? Peek(LarderCache cache) => cache.TryGet<string>(
        "k", new LarderEntryOptions { Flags = Microsoft.Extensions.Caching.Hybrid.HybridCacheEntryFlags.DisableLocalCache }).Value;

    /// <summary>A context as that of a window: everything that is to go on in it waits until its thread is free, which it never is here.</summary>
    private sealed class OneThread : SynchronizationContext
    {
        private readonly ConcurrentQueue<SendOrPostCallback> _waiting = new();

        public static void Run(Action action)
        {
            Exception? failure = null;
            var context = new OneThread();
            var thread = new Thread(() =>
            {
                SetSynchronizationContext(context);
                failure = Record.Exception(action);
                failure ??= Record.Exception(() => Assert.Same(context, Current));
            })
            {
                IsBackground = true,
            };
            thread.Start();
            Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "The thread waits for what waits for it.");
            Assert.Null(failure);
            Assert.Empty(context._waiting);
        }

        public override void Post(SendOrPostCallback d, object? state) => _waiting.Enqueue(d);

        public override void Send(SendOrPostCallback d, object? state) => _waiting.Enqueue(d);
    }
}

/// <summary>On redis-server.</summary>
public sealed class SynchronousTestsOnRedis() : SynchronousTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class SynchronousTestsOnGarnet() : SynchronousTests(ServerKind.Garnet);
