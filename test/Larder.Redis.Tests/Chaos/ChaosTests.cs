using System.Collections.Concurrent;
using System.Diagnostics;
using Larder.Redis.Tests.Nodes;
using Larder.Stores;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Redis.Tests.Chaos;

/// <summary>Whatever chaos does between two nodes and their server, the freshness contract holds, and no read throws.</summary>
public abstract class ChaosTests(ServerKind kind) : NodesOnServer(kind)
{
    private static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chaos_TwoNodesInvalidateAndRead_NobodyReadsWhatWasInvalidatedForLongerThanMaxStaleness(bool isUnreachable)
    {
        var nodes = new[] { await StartChaoticAsync(), await StartChaoticAsync() };
        foreach (var node in nodes)
        {
            ChaosOf(node).Change(options =>
            {
                options.Reads = options.Writes = options.Leases = options.Feed = 0.2;
                options.LostMessages = 0.1;
                options.FeedOutage = TimeSpan.FromSeconds(1);
                options.MaximumDelay = TimeSpan.FromMilliseconds(20);
                (options.IsUnreachable, options.Seed) = (isUnreachable, 7);
            });
        }

        var origin = new Versions();
        var reads = new int[nodes.Length];
        using var over = new CancellationTokenSource();
        var readers = nodes.Select((node, i) => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await ReadAsync(node, i, origin);
                Interlocked.Increment(ref reads[i]);
            }
        })).ToArray();
        try
        {
            for (var version = 1; version <= 30 || (version <= 1000 && !nodes.All(HasHadEnough)); version++)
            {
                await WriteAsync(nodes, version, origin);
                var seen = reads.ToArray();
                await Eventually.TrueAsync(
                    () => readers.Any(static reader => reader.IsFaulted) || reads.Zip(seen).All(static pair => pair.First > pair.Second + 2),
                    TimeSpan.FromSeconds(30),
                    "both nodes read on");
            }
        }
        finally
        {
            await over.CancelAsync();
        }

        await Task.WhenAll(readers);
        Assert.All(nodes, static node => Assert.True(HasHadEnough(node), $"{ChaosOf(node).Failures} operations failed, {ChaosOf(node).LostMessages} messages were lost"));
    }

    [Fact]
    public async Task LostMessages_All_OtherNodeReadsTheOldValueForMaxStalenessAtMost()
    {
        var (a, b) = (await StartChaoticAsync(), await StartChaoticAsync());
        ChaosOf(b).Change(static options => (options.LostMessages, options.FeedOutage) = (1, TimeSpan.FromHours(1)));
        await b.HoldsInL1Async("k", "old");

        await a.Cache.RemoveAsync("k", Cancel);
        var removed = Stopwatch.GetTimestamp();
        var atOnce = await b.PeekAsync("k");
        await Eventually.TrueAsync(
            async () =>
            {
                var begin = Stopwatch.GetTimestamp();
                var isOld = await b.PeekAsync("k") == "old";
                Assert.False(isOld && Stopwatch.GetElapsedTime(removed, begin) > MaxStaleness, "old for longer than MaxStaleness");
                return !isOld;
            },
            TimeSpan.FromSeconds(30),
            "the old value is out");

        // A machine that stalled for as long as MaxStaleness has lost the old value before it was looked for.
        Assert.True(atOnce == "old" || Stopwatch.GetElapsedTime(removed) >= MaxStaleness, "the message was not lost");
        Assert.True(ChaosOf(b).LostMessages > 0);
    }

    [Fact]
    public async Task LostMessages_OutageIsOver_FeedIsBackAndWhatL1HeldIsOut()
    {
        var (a, b) = (await StartChaoticAsync(), await StartChaoticAsync());
        await b.HoldsInL1Async("k", "old");
        ChaosOf(b).Change(static options => options.LostMessages = 1);
        await a.Cache.RemoveAsync("k", Cancel);
        await Eventually.TrueAsync(() => ChaosOf(b).LostMessages > 0, message: "a message is lost");

        ChaosOf(b).IsOn = false;

        await Eventually.TrueAsync(async () => await b.PeekAsync("k") is null, TimeSpan.FromSeconds(30), "the old value is out");
        await b.TrustsItsL1Async();
        await b.HoldsInL1Async("k", "new");
        await a.Cache.RemoveAsync("k", Cancel);
        await b.LocalIsGoneAsync("k");
    }

    [Fact]
    public async Task LostAnswer_OfACommitThatAnInvalidationOvertook_WhatWasMadeIsStoredNowhere()
    {
        var (a, b) = (await StartChaoticAsync(), await StartChaoticAsync());
        var gate = new Gate();
        var made = a.GetSlowlyAsync("k", "old", gate);
        await gate.Reached;
        ChaosOf(a).Change(static options => options.Writes = options.LostAnswers = 1);

        await b.Cache.RemoveAsync("k", Cancel);
        gate.Open();

        Assert.Equal("old", await made);
        Assert.Equal("new", await b.GetAsync("k", "new"));
        Assert.NotEqual("old", await a.GetAsync("k", "new"));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public async Task Chaos_EverythingFails_ReadsAreAnsweredAndInvalidationsAreQueuedUntilItIsOver(bool isUnreachable, double lostAnswers)
    {
        var node = await StartChaoticAsync(static options => options.ThrowOnUndelivered = false);
        await node.Cache.SetAsync("k", "old", cancellationToken: Cancel);
        ChaosOf(node).Change(options =>
        {
            options.Reads = options.Writes = options.Leases = options.Feed = 1;
            (options.IsUnreachable, options.LostAnswers) = (isUnreachable, lostAnswers);
        });

        await node.Cache.RemoveAsync("k", Cancel);

        Assert.Equal("new", await node.GetAsync("k", "new"));
        Assert.Equal("v", await node.GetAsync("other", "v"));
        await node.Cache.TryGetAsync<string>("third", Cancel);
        await node.Cache.GetManyAsync<string>(["third", "fourth"], Cancel);
        var many = await node.Cache.GetOrCreateManyAsync(
            ["fifth", "sixth"],
            static (keys, _) => ValueTask.FromResult(keys.ToDictionary(static key => key, static key => key)),
            cancellationToken: Cancel);
        Assert.Equal(["fifth", "sixth"], many.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, node.Cache.Node.Undelivered.Count);

        ChaosOf(node).IsOn = false;
        await Eventually.TrueAsync(() => node.Cache.Node.Undelivered.Count == 0, TimeSpan.FromSeconds(30), "the removal is delivered");
        Assert.NotEqual("old", await node.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task WithChaos_StoreThatListsItsKeysAndTalks_StillDoesAndFailsToo()
    {
        await using var node = await Node.StartAsync(builder => builder.Services.AddLarder().WithChaos().UseRedis(Server.Configuration));
        var store = node.Cache.Node.Line!.Store;
        await node.Cache.SetAsync("k", "v", cancellationToken: Cancel);

        var (scanner, messenger) = (store.Ability<IKeyScanner>(), store.Ability<INodeMessenger>());
        Assert.NotNull(scanner);
        Assert.NotNull(messenger);
        Assert.Contains("k", (await scanner.ScanAsync("", null, 1000, Cancel)).Keys);
        await Eventually.TrueAsync(async () => (await messenger.ReadNodesAsync(Cancel)).ContainsKey(node.Cache.NodeId), message: "the node has left its card");
        Assert.Equal(StoreCapabilities.All, store.Capabilities);
        Assert.EndsWith(", with chaos", store.Description, StringComparison.Ordinal);

        node.Services.GetRequiredService<LarderChaos>().Change(static options => options.Reads = options.Feed = 1);
        await Assert.ThrowsAsync<ChaosException>(() => scanner.ScanAsync("", null, 1000, Cancel).AsTask());
        await Assert.ThrowsAsync<ChaosException>(() => messenger.ReadNodesAsync(Cancel).AsTask());
    }

    private static LarderChaos ChaosOf(TestNode node) => node.Services.GetRequiredService<LarderChaos>();

    private static bool HasHadEnough(TestNode node) => ChaosOf(node) is { Failures: > 10, LostMessages: > 0 };

    private Task<TestNode> StartChaoticAsync(Action<LarderOptions>? configure = null) => StartNodeAsync(
        options =>
        {
            options.MaxStaleness = MaxStaleness;
            options.ThrowOnUndelivered = true;
            configure?.Invoke(options);
        },
        build: static builder => builder.WithChaos());

    /// <summary>Changes the origin, and invalidates, again until that is complete.</summary>
    private static async Task WriteAsync(TestNode[] nodes, int version, Versions origin)
    {
        var writer = version % nodes.Length;
        origin.Now = version;
        while (true)
        {
            try
            {
                await InvalidateAsync(nodes[writer].Cache, version);
                origin.Complete(version, writer);
                return;
            }
            catch (CacheUndeliveredException)
            {
                // Not complete: once more.
            }
        }
    }

    private static ValueTask InvalidateAsync(LarderCache cache, int version) => (version % 3) switch
    {
        0 => cache.SetAsync("k", version, tags: ["t"]),
        1 => cache.RemoveAsync("k"),
        _ => cache.RemoveByTagAsync("t"),
    };

    private static async Task ReadAsync(TestNode node, int reader, Versions origin)
    {
        var begin = Stopwatch.GetTimestamp();
        var read = await node.Cache.GetOrCreateAsync("k", origin, static (origin, _) => ValueTask.FromResult(origin.Now), tags: ["t"]);
        if (origin.Successor(read) is { } next && begin > next.At)
        {
            var stale = Stopwatch.GetElapsedTime(next.At, begin);
            Assert.True(next.Writer != reader && stale <= MaxStaleness, $"Node {reader} read version {read}, invalidated by node {next.Writer} {stale} before.");
        }

        await Task.Yield();
    }

    /// <summary>What the origin has, and when the invalidation of what was before it was complete.</summary>
    private sealed class Versions
    {
        private readonly ConcurrentDictionary<int, (long At, int Writer)> _complete = new();
        private volatile int _now;

        public int Now
        {
            get => _now;
            set => _now = value;
        }

        public void Complete(int version, int writer) => _complete[version] = (Stopwatch.GetTimestamp(), writer);

        public (long At, int Writer)? Successor(int version) => _complete.TryGetValue(version + 1, out var next) ? next : null;
    }
}

/// <summary>On redis-server.</summary>
public sealed class ChaosTestsOnRedis() : ChaosTests(ServerKind.Redis);

/// <summary>On embedded Garnet.</summary>
public sealed class ChaosTestsOnGarnet() : ChaosTests(ServerKind.Garnet);
