using Larder.Stores;
using Larder.Testing;
using Larder.Testing.Memory;
using Larder.Testing.Policies;
using Larder.Tests.Distributed;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Backplane;

/// <summary>
/// Nodes on one provider that tells nobody of changes, with messages beside it. Time stands still unless a test moves it: what
/// the other node learns, it learns by a message.
/// </summary>
public sealed class BackplaneTests : IAsyncDisposable
{
    private const string Channel = "larder:messages";

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryBus _bus = new();
    private readonly RecordedLog _log = new();
    private readonly List<ServiceProvider> _nodes = [];
    private readonly Provider _provider;

    public BackplaneTests() => _provider = new Provider(new MemoryProvider(_time));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<Invalidation> Invalidations => [.. Enum.GetValues<Invalidation>()];

    private IEnumerable<string> Warnings => _log.Warnings.Where(line => line.Contains("backplane", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _log.Dispose();
    }

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Invalidation_OnOneNode_OtherNodeObeysAtOnceThoughMaxStalenessIsLong(Invalidation invalidation)
    {
        var (a, b) = (await StartAsync(TimeSpan.FromHours(1)), await StartAsync(TimeSpan.FromHours(1)));
        await HoldInL1Async(a, "old");

        await b.InvalidateAsync(invalidation, "key");

        await Eventually.TrueAsync(async () => (await a.TryGetAsync<string>("key", Cancel)).Value == invalidation.Leaves());
    }

    [Fact]
    public async Task SetMany_OnOneNode_OtherNodesCopiesGo()
    {
        var (a, b) = (await StartAsync(TimeSpan.FromHours(1)), await StartAsync(TimeSpan.FromHours(1)));
        await HoldInL1Async(a, "old");

        await b.SetManyAsync<string>([new("key", "new"), new("another", "new")], cancellationToken: Cancel);

        await Eventually.TrueAsync(async () => (await a.TryGetAsync<string>("key", Cancel)).Value == "new");
    }

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Invalidation_WhileAnotherNodesFactoryRuns_ItsValueIsKeptNowhere(Invalidation invalidation)
    {
        var (a, b) = (await StartAsync(TimeSpan.FromHours(1)), await StartAsync(TimeSpan.FromHours(1)));
        var gate = new Gate();
        var loading = LoadAsync(a, "old", gate);
        await gate.Reached;

        await b.InvalidateAsync(invalidation, "key");
        await PublishedAsync(1);
        gate.Open();

        Assert.Equal("old", await loading);
        Assert.Equal(invalidation.Leaves(), (await a.TryGetAsync<string>("key", Cancel)).Value);
        Assert.Equal(invalidation.Leaves(), (await b.TryGetAsync<string>("key", Cancel)).Value);
    }

    [Fact]
    public async Task Remove_WhileAnotherNodesReadOfL2IsUnderWay_WhatItReadsIsNotKept()
    {
        var (a, b) = (await StartAsync(TimeSpan.FromHours(1)), await StartAsync(TimeSpan.FromHours(1)));
        await b.SetAsync("key", "old", cancellationToken: Cancel);
        await PublishedAsync(1);
        var gate = _provider.Reading = new Gate();
        var reading = a.TryGetAsync<string>("key", Cancel).AsTask();
        await gate.Reached;
        _provider.Reading = null;

        await b.RemoveAsync("key", Cancel);
        await PublishedAsync(2);
        gate.Open();
        await reading;

        Assert.False((await a.TryGetAsync<string>("key", Cancel)).Found);
    }

    [Fact]
    public async Task RemoveByTag_MessageOfAnotherTagWasLost_BothCount()
    {
        var (a, b) = (await StartAsync(TimeSpan.FromHours(1)), await StartAsync(TimeSpan.FromHours(1)));
        await HoldInL1Async(a, "old");
        _bus.IsDeaf = true;
        await b.RemoveByTagAsync(InvalidationKinds.Tag, Cancel);
        await PublishedAsync(2);
        _bus.IsDeaf = false;

        await b.RemoveByTagAsync("other", Cancel);

        await Eventually.TrueAsync(async () => !(await a.TryGetAsync<string>("key", Cancel)).Found);
    }

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Message_Lost_OldValueIsReadNoLongerThanMaxStaleness(Invalidation invalidation)
    {
        var (a, b) = (await StartAsync(TimeSpan.FromSeconds(5)), await StartAsync(TimeSpan.FromSeconds(5)));
        await HoldInL1Async(a, "old");
        _bus.IsDeaf = true;

        await b.InvalidateAsync(invalidation, "key");
        await PublishedAsync(2);

        Assert.Equal("old", (await a.TryGetAsync<string>("key", Cancel)).Value);
        _time.Advance(TimeSpan.FromSeconds(5.1));
        Assert.Equal(invalidation.Leaves(), (await a.TryGetAsync<string>("key", Cancel)).Value);
    }

    [Fact]
    public async Task Message_Arrives_CopiesLiveNoLongerForIt()
    {
        var (a, b) = (await StartAsync(TimeSpan.FromSeconds(5)), await StartAsync(TimeSpan.FromSeconds(5)));
        await HoldInL1Async(a, "old");
        _time.Advance(TimeSpan.FromSeconds(4));
        await b.RemoveAsync("another", Cancel);
        await PublishedAsync(2);
        Assert.Equal(CacheLevel.L1, (await a.TryGetAsync<string>("key", Cancel)).Level);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(CacheLevel.L2, (await a.TryGetAsync<string>("key", Cancel)).Level);
        Assert.Equal(StoreCapabilities.None, a.Node.Line!.Store.Capabilities);
    }

    [Fact]
    public async Task Messages_TwiceAndLate_BringNothingBack()
    {
        var (a, b) = (await StartAsync(TimeSpan.FromHours(1)), await StartAsync(TimeSpan.FromHours(1)));
        await b.SetAsync("key", "old", tags: [InvalidationKinds.Tag], cancellationToken: Cancel);
        await b.RemoveByTagAsync(InvalidationKinds.Tag, Cancel);
        await PublishedAsync(2);
        await HoldInL1Async(a, "new");
        await PublishedAsync(3);

        foreach (var (channel, message) in _bus.Published.Reverse().Concat(_bus.Published))
        {
            _bus.Deliver(channel, message);
        }

        Assert.Equal("new", (await a.TryGetAsync<string>("key", Cancel)).Value);
        Assert.Equal("new", (await b.TryGetAsync<string>("key", Cancel)).Value);
    }

    [Fact]
    public async Task Messages_OfItsOwn_LeaveWhatTheNodeHasWritten()
    {
        var a = await StartAsync(TimeSpan.FromHours(1));

        await a.SetAsync("key", "value", cancellationToken: Cancel);
        await PublishedAsync(1);

        Assert.Equal(CacheLevel.L1, (await a.TryGetAsync<string>("key", Cancel)).Level);
    }

    [Fact]
    public async Task Messages_Unreadable_AreIgnoredAndLoggedOnceANode()
    {
        var (a, b) = (await StartAsync(TimeSpan.FromHours(1)), await StartAsync(TimeSpan.FromHours(1)));
        await HoldInL1Async(a, "old");

        _bus.Deliver(Channel, "junk"u8.ToArray());
        _bus.Deliver(Channel, default);

        Assert.Equal(CacheLevel.L1, (await a.TryGetAsync<string>("key", Cancel)).Level);
        Assert.Equal(2, Warnings.Count(line => line.Contains("could not be read", StringComparison.Ordinal))); // one a node
        await b.RemoveAsync("key", Cancel);
        await Eventually.TrueAsync(async () => !(await a.TryGetAsync<string>("key", Cancel)).Found);
    }

    [Fact]
    public async Task Factory_OnAnotherNode_CopyGoesAndLoadUnderWayIsKept()
    {
        var (a, b) = (await StartAsync(TimeSpan.FromHours(1)), await StartAsync(TimeSpan.FromHours(1)));
        var gate = new Gate();
        var loading = LoadAsync(a, "of a", gate);
        await gate.Reached;
        Assert.Equal("of b", await b.GetOrCreateAsync("key", _ => new ValueTask<string>("of b"), cancellationToken: Cancel));
        await PublishedAsync(1);

        gate.Open();
        await loading;

        Assert.Equal(("of a", CacheLevel.L1), await a.TryGetAsync<string>("key", Cancel) is var found ? (found.Value, found.Level) : default);
        await Eventually.TrueAsync(async () => (await b.TryGetAsync<string>("key", Cancel)).Value == "of a");
    }

    [Fact]
    public async Task Invalidation_Undelivered_IsToldWhenItIsDelivered()
    {
        var (a, b) = (await StartAsync(TimeSpan.FromHours(1)), await StartAsync(TimeSpan.FromHours(1)));
        await HoldInL1Async(a, "old");
        _provider.IsAway = true;
        await b.RemoveAsync("key", Cancel);
        Assert.Equal(1, b.Node.Undelivered.Count);
        Assert.Single(_bus.Published);
        _provider.IsAway = false;

        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => a.Node.Local.Local.TryPeek("key", out _) == false);
        Assert.False((await a.TryGetAsync<string>("key", Cancel)).Found);
    }

    [Fact]
    public async Task Publisher_Throws_CallsSucceedAndOneWarningIsLogged()
    {
        var b = await StartAsync(TimeSpan.FromHours(1));
        var attempts = 0;
        _bus.Publishing = () =>
        {
            Interlocked.Increment(ref attempts);
            throw new InvalidOperationException("no broker");
        };
        for (var i = 1; i <= 3; i++)
        {
            await b.RemoveAsync("key", Cancel);
            await Eventually.TrueAsync(() => Volatile.Read(ref attempts) == i);
        }

        _bus.Publishing = null;
        await b.RemoveAsync("key", Cancel);

        await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Contains("works again (publish)", StringComparison.Ordinal)));
        Assert.Single(Warnings);
    }

    [Fact]
    public async Task Publisher_Hangs_NobodyWaitsAndItIsGivenUpAfterMaxStaleness()
    {
        var (a, b) = (await StartAsync(TimeSpan.FromSeconds(5)), await StartAsync(TimeSpan.FromSeconds(5)));
        var hanging = new TaskCompletionSource();
        var gate = new Gate();
        _bus.Publishing = async () =>
        {
            _ = gate.PassAsync(CancellationToken.None);
            await hanging.Task;
        };
        await b.SetAsync("key", "value", cancellationToken: Cancel);
        await b.RemoveByTagAsync("tag", Cancel);
        await gate.Reached;
        await b.RemoveAsync("key", Cancel);
        Assert.False((await b.TryGetAsync<string>("key", Cancel)).Found);

        _time.Advance(TimeSpan.FromSeconds(5.1));
        await Eventually.TrueAsync(() => Warnings.Any());
        gate.Open();
        _bus.Publishing = null;

        await HoldInL1Async(a, "old");
        await b.RemoveAsync("key", Cancel);
        await Eventually.TrueAsync(async () => !(await a.TryGetAsync<string>("key", Cancel)).Found);
        Assert.Single(Warnings);
        hanging.SetResult();
    }

    [Fact]
    public async Task Subscribing_Fails_IsTriedAgainAndOneWarningIsLogged()
    {
        _bus.Subscribing = () => throw new InvalidOperationException("no broker");
        await StartAsync(TimeSpan.FromHours(1), subscribes: false);
        await Eventually.TrueAsync(() => Warnings.Any());
        _time.Advance(TimeSpan.FromSeconds(1));
        _bus.Subscribing = null;

        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _bus.Subscribers == 1;
        });

        Assert.Single(Warnings);
    }

    [Fact]
    public async Task Caches_OfOtherNames_DoNotHearOfIt()
    {
        var (one, two) = (await StartAsync(TimeSpan.FromHours(1), name: "one"), await StartAsync(TimeSpan.FromHours(1), name: "two"));
        var other = await StartAsync(TimeSpan.FromHours(1), name: "two");
        await HoldInL1Async(one, "old");
        await HoldInL1Async(two, "old");

        await other.RemoveAsync("key", Cancel);

        await Eventually.TrueAsync(() => !two.Node.Local.Local.TryPeek("key", out _));
        Assert.True(one.Node.Local.Local.TryPeek("key", out _));
        Assert.Equal(["one:larder:messages", "two:larder:messages"], _bus.Published.Select(message => message.Channel).Distinct().Order());
    }

    [Fact]
    public async Task Dispose_RightAfterAnInvalidation_OthersAreTold()
    {
        var (a, b) = (await StartAsync(TimeSpan.FromHours(1)), await StartAsync(TimeSpan.FromHours(1)));
        await HoldInL1Async(a, "old");

        await b.RemoveAsync("key", Cancel);
        await _nodes[1].DisposeAsync();

        Assert.False((await a.TryGetAsync<string>("key", Cancel)).Found);
        Assert.Equal(1, _bus.Subscribers);
    }

    [Fact]
    public async Task ListKeys_StoreThatListsItsKeys_DoesSoBesideABackplaneToo()
    {
        var node = await StartAsync(builder => builder.UseStore((_, context) => new ListingStore(new MemoryStore(new MemoryServer(_time), context))));
        var cache = node.GetRequiredService<LarderCache>();
        await cache.SetAsync("user:1", "value", cancellationToken: Cancel);
        await cache.SetAsync("other", "value", cancellationToken: Cancel);

        Assert.Equal(["user:1"], await cache.ListKeysAsync("user:", Cancel).ToArrayAsync(Cancel));
    }

    [Fact]
    public async Task UseBackplane_StoreHasAFeed_StartFailsAndSaysSo()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync(builder => builder.UseStore((_, context) => new MemoryStore(new MemoryServer(_time), context))));

        Assert.Contains("UseBackplane", fault.Message, StringComparison.Ordinal);
        Assert.Contains("tells all nodes of every change itself", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseBackplane_NoStore_StartFailsAndSaysSo()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(_ => { }));

        Assert.Contains("has no store", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseBackplane_Type_IsMadeWithTheAppsServices()
    {
        var services = new ServiceCollection();
        services.AddSingleton(_bus).AddSingleton<IDistributedCache>(_provider);
        services.AddLarder().UseBackplane<BackplaneOfTheApp>().UseDistributedCache();

        await StartAsync(services);

        await Eventually.TrueAsync(() => _bus.Subscribers == 1);
    }

    // Also waits until the others have been told of the value.
    private async Task HoldInL1Async(LarderCache cache, string value)
    {
        var before = _bus.Published.Count;
        Assert.Equal(value, await cache.GetOrCreateAsync("key", _ => new ValueTask<string>(value), tags: [InvalidationKinds.Tag], cancellationToken: Cancel));
        Assert.Equal(CacheLevel.L1, (await cache.TryGetAsync<string>("key", Cancel)).Level);
        await PublishedAsync(before + 1);
    }

    private static Task<string> LoadAsync(LarderCache cache, string value, Gate gate) => cache.GetOrCreateAsync(
        "key",
        async cancellationToken =>
        {
            await gate.PassAsync(cancellationToken);
            return value;
        },
        tags: [InvalidationKinds.Tag],
        cancellationToken: Cancel).AsTask();

    private Task PublishedAsync(int count) => Eventually.TrueAsync(() => _bus.Published.Count >= count, message: $"{count} messages were published");

    private async Task<LarderCache> StartAsync(TimeSpan maxStaleness, string name = "", bool subscribes = true)
    {
        var before = _bus.Subscribers;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time).AddSingleton<IDistributedCache>(_provider);
        services.AddLogging(builder => builder.AddProvider(_log));
        var builder = name.Length == 0
            ? services.AddLarder(options => options.MaxStaleness = maxStaleness)
            : services.AddLarder(name, options => options.MaxStaleness = maxStaleness);
        builder.UseDistributedCache().UseBackplane(_ => _bus.Connect());
        var node = await StartAsync(services);
        if (subscribes)
        {
            await Eventually.TrueAsync(() => _bus.Subscribers == before + 1);
        }

        return node.GetRequiredKeyedService<LarderCache>(name);
    }

    private Task<ServiceProvider> StartAsync(Action<ILarderBuilder> build)
    {
        var services = new ServiceCollection();
        var builder = services.AddLarder().UseBackplane(_ => _bus.Connect());
        build(builder);
        return StartAsync(services);
    }

    private async Task<ServiceProvider> StartAsync(ServiceCollection services)
    {
        var node = services.BuildServiceProvider();
        _nodes.Add(node);
        foreach (var service in node.GetServices<IHostedService>())
        {
            await service.StartAsync(Cancel);
        }

        return node;
    }

    /// <summary>One that the app has written.</summary>
    private sealed class BackplaneOfTheApp(MemoryBus bus) : ILarderBackplane
    {
        private readonly ILarderBackplane _connection = bus.Connect();

        public ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
            _connection.PublishAsync(channel, message, cancellationToken);

        public ValueTask SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken) =>
            _connection.SubscribeAsync(channel, receive, cancellationToken);

        public ValueTask DisposeAsync() => _connection.DisposeAsync();
    }

    /// <summary>A store without a feed, which lists the keys that were set.</summary>
    private sealed class ListingStore(ILarderStore store) : DelegatingStore(store), IKeyScanner
    {
        private readonly List<string> _keys = [];

        public override StoreCapabilities Capabilities => base.Capabilities & ~StoreCapabilities.Feed;

        public override ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken)
        {
            _keys.Add(key);
            return base.SetAsync(key, write, cancellationToken);
        }

        public ValueTask<KeyScan> ScanAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken) =>
            new(new KeyScan([.. _keys], null, _keys.Count, _keys.Count));

        public async ValueTask<IReadOnlyList<EntryHeader?>> ReadHeadersAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        {
            var entries = await ReadManyAsync(keys, cancellationToken);
            return [.. entries.Select(static entry => entry is null ? null : new EntryHeader(entry with { Payload = default }, entry.Payload.Length))];
        }
    }

    /// <summary>The provider of all nodes.</summary>
    private sealed class Provider(MemoryProvider memory) : ProviderFake(() => memory.Cache)
    {
        /// <summary>Holds the answer to a read of the entry back, after it was read.</summary>
        public Gate? Reading { get; set; }

        /// <summary>Whether entries can't be removed.</summary>
        public bool IsAway { get; set; }

        public override async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            var gate = key == "key" ? Reading : null;
            var blob = await base.GetAsync(key, token);
            if (gate is not null)
            {
                await gate.PassAsync(token);
            }

            return blob;
        }

        public override Task RemoveAsync(string key, CancellationToken token = default) =>
            IsAway ? throw new InvalidOperationException("away") : base.RemoveAsync(key, token);
    }
}
