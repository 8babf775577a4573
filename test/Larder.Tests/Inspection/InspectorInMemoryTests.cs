using Larder.Inspection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Inspection;

/// <summary>The inspector of a cache without L2: one node, whose L1 is all there is.</summary>
public sealed class InspectorInMemoryTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services;

    public InspectorInMemoryTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddLarder(options => options.MaximumKeyLength = 200);
        _services = services.BuildServiceProvider();
        Cache = _services.GetRequiredService<LarderCache>();
    }

    private LarderCache Cache { get; }

    private CacheInspector Inspector => Cache.Inspector;

    [Fact]
    public async Task Keys_ManyEntries_ComeByPages()
    {
        await Cache.SetManyAsync(Enumerable.Range(0, 5000).Select(i => KeyValuePair.Create($"user:{i}", i)), tags: ["t"]);
        var keys = new List<string>();
        var query = new KeyQuery { Pattern = KeyPattern.Parse("user:*"), Tag = "t", Limit = 500 };
        do
        {
            var page = await Inspector.KeysAsync(query, default);
            Assert.Equal((CacheLevel.L1, 5000L), (page.Level, page.Total));
            keys.AddRange(page.Rows.Select(row => row.Key));
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);

        Assert.Equal(5000, keys.Distinct().Count());
    }

    [Fact]
    public async Task Keys_TheTableGrowsBetweenThePages_NothingThatStaysIsMissed()
    {
        await Cache.SetManyAsync(Enumerable.Range(0, 3000).Select(i => KeyValuePair.Create($"a{i}", i)));
        var first = await Inspector.KeysAsync(new KeyQuery { Limit = 500 }, default);
        await Cache.SetManyAsync(Enumerable.Range(0, 20_000).Select(i => KeyValuePair.Create($"b{i}", i)));
        var keys = first.Rows.Select(row => row.Key).ToHashSet();
        for (var cursor = first.Cursor; cursor is not null;)
        {
            var page = await Inspector.KeysAsync(new KeyQuery { Cursor = cursor, Limit = 5000 }, default);
            keys.UnionWith(page.Rows.Select(row => row.Key));
            cursor = page.Cursor;
        }

        Assert.Equal(3000, keys.Count(key => key.StartsWith('a')));
    }

    [Theory]
    [InlineData("a*", true)]
    [InlineData("?:b", true)]
    [InlineData("b", false)]
    [InlineData("a:B", false)]
    public async Task Keys_Pattern_IsThatOfTheServers(string pattern, bool matches)
    {
        await Cache.SetAsync("a:b", 1);

        Assert.Equal(matches ? 1 : 0, (await Inspector.KeysAsync(new KeyQuery { Pattern = KeyPattern.Parse(pattern) }, default)).Rows.Count);
    }

    [Fact]
    public async Task Keys_KilledAndStale_AreToldApart()
    {
        await Cache.SetAsync("killed", 1, tags: ["t"]);
        await Cache.SetAsync("stale", 1, new LarderEntryOptions
        {
            Expiration = TimeSpan.FromMinutes(1),
            FailSafe = new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1) },
        });
        await Cache.RemoveByTagAsync("t");
        _time.Advance(TimeSpan.FromMinutes(2));

        var rows = (await Inspector.KeysAsync(new KeyQuery(), default)).Rows;

        Assert.Equal([("killed", KeyState.Killed, "t"), ("stale", KeyState.Stale, null)], rows.Select(row => (row.Key, row.State, row.KilledBy)).Order());
    }

    [Fact]
    public async Task Value_OfL1_IsWrittenByTheAppsSerializer()
    {
        await Cache.SetAsync("k", new Person("Ann"));

        var value = (await Inspector.ValueAsync("k", 1000, default))!;

        Assert.Equal((CacheLevel.L1, ValueKind.Json, typeof(Person).ToString()), (value.Level, value.Kind, value.Type));
        Assert.Equal("""{"Name":"Ann"}"""u8.ToArray(), value.Payload!.Value.ToArray());
    }

    [Theory]
    [InlineData("text", ValueKind.Text)]
    [InlineData("[1]", ValueKind.Json)]
    [InlineData("\u0001\u0002", ValueKind.Binary)]
    public async Task Value_Kind_IsFoundByItsContent(string text, object kind)
    {
        await Cache.SetAsync("k", text);

        Assert.Equal(kind, (await Inspector.ValueAsync("k", 1000, default))!.Kind);
    }

    [Fact]
    public async Task Value_NoEntry_IsNull() => Assert.Null(await Inspector.ValueAsync("k", 1000, default));

    [Fact]
    public async Task Report_CountsFromTheFirstQuestionUntilAMinuteAfterTheLast()
    {
        await Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult(1));
        Assert.Equal((0L, 0L), Hits());

        await Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult(1));
        await Cache.GetOrCreateAsync("k2", static _ => ValueTask.FromResult(1));
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal((1L, 1L), Hits());

        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal((1L, 1L), Hits()); // the question before prolonged it

        _time.Advance(TimeSpan.FromSeconds(70));
        Assert.Null(Cache.Node.Telemetry.Watch);
        Assert.Equal((0L, 0L), Hits());

        (long L1Hits, long Misses) Hits()
        {
            var counts = Inspector.Report().Counts;
            return (counts.L1Hits, counts.Misses);
        }
    }

    [Fact]
    public async Task Insights_WhatStandsOut_IsFound()
    {
        Inspector.Report(); // from now on it is watched
        await Cache.SetAsync("unread", 1, new LarderEntryOptions { Expiration = TimeSpan.FromHours(1) });
        _time.Advance(TimeSpan.FromSeconds(1)); // the oldest come first
        await Cache.SetAsync("big", 1, new LarderEntryOptions { Expiration = TimeSpan.FromHours(1), LocalSize = 1_000_000 });
        await Cache.SetManyAsync(
            Enumerable.Range(0, 50).Select(i => KeyValuePair.Create($"herd{i}", i)), new LarderEntryOptions { Expiration = TimeSpan.FromHours(2) });
        for (var i = 0; i < 100; i++)
        {
            await Cache.TryGetAsync<int>("big");
        }

        await Cache.TryGetAsync<int>("missing");
        _time.Advance(TimeSpan.FromSeconds(55));
        Inspector.Report();
        _time.Advance(TimeSpan.FromSeconds(10));

        var insights = (await Inspector.InsightsAsync(TimeSpan.FromSeconds(1), default)).Nodes[0].Answer!;

        Assert.Equal(("big", 100L, 0L), (insights.Hot[0].Key, insights.Hot[0].Requests, insights.Hot[0].Misses));
        Assert.Contains(insights.Hot, hot => hot is { Key: "missing", Misses: 1 });
        Assert.Equal("big", insights.Big[0].Key);
        Assert.Equal(52, insights.ExaminedEntries);
        Assert.Contains(insights.Unread, unread => unread.Key == "unread");
        Assert.DoesNotContain(insights.Unread, unread => unread.Key == "big");
        Assert.Equal(50, Assert.Single(insights.Herds).Entries);
    }

    [Fact]
    public async Task Insights_LivesShorterThanItsFactoryTakes_IsFound()
    {
        Inspector.Report();
        await Cache.GetOrCreateAsync(
            "k",
            static async cancellationToken =>
            {
                await Task.Delay(20, cancellationToken);
                return 1;
            },
            new LarderEntryOptions { Expiration = TimeSpan.FromMilliseconds(10) });

        var insights = (await Inspector.InsightsAsync(TimeSpan.FromSeconds(1), default)).Nodes[0].Answer!;

        var found = Assert.Single(insights.ShortLived);
        Assert.Equal(("k", TimeSpan.FromMilliseconds(10)), (found.Key, found.Lifetime));
        Assert.True(found.Factory > found.Lifetime, $"{found.Factory}");
    }

    [Fact]
    public async Task Events_OfThisNode_AreToldOnce()
    {
        await Inspector.EventsAsync(new Dictionary<string, long>(), TimeSpan.FromSeconds(1), default);
        await Cache.RemoveAsync("k");
        await Cache.TryGetAsync<int>("k");

        var first = await EventsAsync(0);
        var second = await EventsAsync(first.Last);

        Assert.Equal([(LarderEventKind.Remove, "k"), (LarderEventKind.Miss, "k")], first.Events.Select(happened => (happened.Kind, happened.Subject)));
        Assert.Empty(second.Events);

        async Task<EventBatch> EventsAsync(long after) =>
            (await Inspector.EventsAsync(new Dictionary<string, long> { [Cache.NodeId] = after }, TimeSpan.FromSeconds(1), default)).Nodes[0].Answer!;
    }

    [Fact]
    public async Task Tags_LastInvalidations_TheNewestFirst()
    {
        await Cache.RemoveByTagAsync("one");
        _time.Advance(TimeSpan.FromSeconds(10));
        await Cache.RemoveByTagAsync("two");

        Assert.Equal(
            [new TagNote("two", _time.GetUtcNow(), Cache.NodeId), new TagNote("one", _time.GetUtcNow().AddSeconds(-10), Cache.NodeId)], Inspector.Tags());
    }

    [Fact]
    public async Task Explain_OfTheOnlyNode_SaysWhoServesIt()
    {
        await Cache.SetAsync("k", 1);

        var report = await Inspector.ExplainAsync("k", TimeSpan.FromSeconds(1), default);

        Assert.Equal("This node serves it from its L1.", report.Summary);
    }

    [Fact]
    public void Settings_ThatAreNotTheDefaults_AreMarked()
    {
        var settings = Inspector.Settings();

        Assert.Equal(["MaximumKeyLength"], settings.Where(setting => setting.IsChanged).Select(setting => setting.Name));
        Assert.Contains(new Setting("MaxStaleness", "00:00:05", "00:00:05"), settings);
        Assert.Contains(settings, setting => setting.Name == "Local:MaximumEntries");
        Assert.Contains(settings, setting => setting.Name == "DefaultEntryOptions:FailSafe:Throttle");
    }

    [Fact]
    public async Task StatusLog_OfARequest_HasItsAnswers()
    {
        var log = CacheStatusLog.Begin();
        await Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult(1), new LarderEntryOptions { Expiration = TimeSpan.FromMinutes(2) });
        await Task.Run(async () => await Cache.TryGetAsync<int>("k"), CancellationToken.None);

        Assert.Equal(
            [
                new CacheStatus("", "k", CacheLevel.None, IsStale: false, TimeSpan.FromMinutes(2)),
                new CacheStatus("", "k", CacheLevel.L1, IsStale: false, TimeSpan.FromMinutes(2)),
            ],
            log.Answers);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed record Person(string Name);
}
