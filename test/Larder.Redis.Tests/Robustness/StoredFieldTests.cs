using CsCheck;
using Larder.Stores;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Robustness;

/// <summary>
/// Whatever becomes of the fields of an entry: a reader gets the value as it was written, as long as it may be served, or
/// none; and never an exception.
/// </summary>
public abstract class StoredFieldTests(ServerFixture fixture) : IAsyncLifetime
{
    private static readonly string[] Fields = ["data", "absexp", "sldexp", "ver", "clk", "tags", "exp", "etag", "mod", "kept", "lease"];

    private Caches _writer = null!;
    private Caches _reader = null!;
    private InjectedReads _injected = null!;
    private Caches _injectedReader = null!;
    private IReadOnlyList<StoredEntry> _shelf = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Gen<(StoredEntry Entry, StoredEntry Another, Damage[] Damages)> Case
    {
        get
        {
            var entry = Gen.Int[0, _shelf.Count - 1].Select(index => _shelf[index]);
            return Gen.Select(entry, entry, Damage.Of(Fields));
        }
    }

    public async ValueTask InitializeAsync()
    {
        await fixture.Database.ExecuteAsync("FLUSHALL");
        _injected = new InjectedReads();
        _writer = await Caches.StartAsync(fixture.Server.Configuration);
        _reader = await Caches.StartAsync(fixture.Server.Configuration);
        _injectedReader = await Caches.StartAsync(fixture.Server.Configuration, _injected.Wrap);
        _shelf = await Shelf.FillAsync(_writer, fixture.Database, Cancel);
        await _reader.CatchUpAsync(_writer);
        await _injectedReader.CatchUpAsync(_writer);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var caches in (Caches?[])[_injectedReader, _reader, _writer])
        {
            await (caches?.DisposeAsync() ?? default);
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task TryGet_OfAnUndamagedEntry_FindsItIfItIsAlive()
    {
        foreach (var entry in _shelf)
        {
            await WriteAsync(entry, entry.Hash);
            var read = await _reader[entry.Kind].TryGetAsync<string>(entry.Key, Cancel);
            var injected = await _injected.WithAsync(entry.Hash, () => _injectedReader[entry.Kind].TryGetAsync<string>(entry.Key, Cancel));

            // What RedisCache could have written is not encrypted.
            var isFound = entry.Fate == Fate.Alive && !(entry.IsUnverified && entry.Kind == PackingKind.Encrypted);
            Assert.Equal((isFound, isFound), (read.Found, injected.Found));
            Assert.True(!isFound || (read.Value == entry.Value && injected.Value == entry.Value), entry.ToString());
            var scanner = _reader[entry.Kind].Node.Line!.Store.Ability<IKeyScanner>()!;
            Assert.False((await scanner.ReadHeadersAsync([entry.Key], Cancel))[0]!.Entry.IsDamaged);
        }
    }

    [Fact]
    public Task TryGet_OfADamagedHash_TheValueOrNone() => Case.SampleAsync(
        async (entry, another, damages) =>
        {
            var damaged = Damage.Apply(damages, entry.Hash, another.Hash);
            var read = await _injected.WithAsync(damaged, () => _injectedReader[entry.Kind].TryGetAsync<string>(entry.Key, Cancel));
            Check(read.Found ? entry.Fault(damaged, read) : null);
        },
        iter: 100_000,
        print: Print);

    [Fact]
    public Task TryGet_OfADamagedEntry_TheValueOrNone() => SampleOnServerAsync(async (entry, damaged) =>
    {
        var read = await _reader[entry.Kind].TryGetAsync<string>(entry.Key, Cancel);
        Check(read.Found ? entry.Fault(damaged, read) : null);
        var many = await _reader[entry.Kind].GetManyAsync<string>([entry.Key, "none"], Cancel);
        Check(many.Count > 0 != read.Found || (read.Found && many[entry.Key] != read.Value) ? "GetMany differs" : null);
    });

    [Fact]
    public Task GetOrCreate_OfADamagedEntry_TheValueOrTheFactorys() => SampleOnServerAsync(async (entry, damaged) =>
    {
        var cache = _reader[entry.Kind];
        var value = await GetAsync();
        if (value != "made")
        {
            Check(entry.Fault(damaged, new CacheResult<string> { Value = value, Level = CacheLevel.L2, ExpiresIn = TimeSpan.Zero }));
            return;
        }

        // A commit of another key with the same fence costs this one's, now and then.
        await Eventually.TrueAsync(async () => await GetAsync() == "made" && (await cache.TryGetAsync<string>(entry.Key, Cancel)).Value == "made");

        Task<string> GetAsync() => cache.GetOrCreateAsync(entry.Key, "made", static (made, _) => ValueTask.FromResult(made), cancellationToken: Cancel).AsTask();
    });

    [Fact]
    public Task GetOrCreate_OfADamagedEntryWhoseFactoryFails_TheValueOrTheFault() => SampleOnServerAsync(async (entry, damaged) =>
    {
        var options = new LarderEntryOptions { FailSafe = new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1) } };
        string value;
        try
        {
            value = await _reader[entry.Kind].GetOrCreateAsync<string>(entry.Key, static _ => throw new OriginException(), options, cancellationToken: Cancel);
        }
        catch (OriginException)
        {
            return;
        }

        Check(entry.FaultOfFallback(damaged, value));
    });

    [Fact]
    public Task Changes_OfADamagedEntry_AreDone() => SampleOnServerAsync(async (entry, _) =>
    {
        var cache = _reader[entry.Kind];
        var distributed = _reader.Distributed(entry.Kind);
        await distributed.RefreshAsync(entry.Key, Cancel);
        await distributed.GetAsync(entry.Key, Cancel);
        await cache.ExplainAsync(entry.Key, Cancel);
        await cache.ExpireAsync(entry.Key, Cancel);
        Check((await cache.TryGetAsync<string>(entry.Key, Cancel)).Found ? "it is not expired" : null);
        await cache.SetAsync(entry.Key, "set", cancellationToken: Cancel);
        Check((await cache.TryGetAsync<string>(entry.Key, Cancel)).Value == "set" ? null : "it is not set");
        Check(cache.Node.Undelivered.Count == 0 ? null : "something is undelivered");
    });

    [Theory]
    [InlineData("string")]
    [InlineData("list")]
    public async Task AnyOperation_OnAKeyThatHoldsSomethingElse_IsAMiss(string type)
    {
        var (cache, distributed) = (_reader[PackingKind.Plain], _reader.Distributed(PackingKind.Plain));
        await PutAsync("a");
        Assert.False((await cache.TryGetAsync<string>("a", Cancel)).Found);
        await cache.SetAsync("b", "set", cancellationToken: Cancel);
        Assert.Equal(["b"], (await cache.GetManyAsync<string>(["a", "b"], Cancel)).Keys);
        Assert.Equal("made", await cache.GetOrCreateAsync("a", static _ => ValueTask.FromResult("made"), cancellationToken: Cancel));
        Assert.Null(await distributed.GetAsync("a", Cancel));
        await distributed.RefreshAsync("a", Cancel);
        Assert.Equal(MissReason.Unreadable, (await cache.ExplainAsync("a", Cancel)).StoreMiss);

        await cache.ExpireAsync("a", Cancel);
        Assert.False(await fixture.Database.KeyExistsAsync("Plain:a"));
        await PutAsync("a");
        await cache.SetAsync("a", "set", cancellationToken: Cancel);
        Assert.Equal("set", (await cache.TryGetAsync<string>("a", Cancel)).Value);
        Assert.Equal(0, cache.Node.Undelivered.Count);

        Task PutAsync(string key) => type == "string"
            ? fixture.Database.StringSetAsync($"Plain:{key}", "somebody else's")
            : fixture.Database.ListLeftPushAsync($"Plain:{key}", "somebody else's");
    }

    private Task SampleOnServerAsync(Func<StoredEntry, Dictionary<string, byte[]>, Task> check) => Case.SampleAsync(
        async (entry, another, damages) =>
        {
            var damaged = Damage.Apply(damages, entry.Hash, another.Hash);
            await entry.Turn.WaitAsync(Cancel);
            try
            {
                await WriteAsync(entry, damaged);
                await check(entry, damaged).WaitAsync(TimeSpan.FromMinutes(1), Cancel);
            }
            finally
            {
                entry.Turn.Release();
            }
        },
        iter: 2000,
        threads: 16,
        print: Print);

    private async Task WriteAsync(StoredEntry entry, IReadOnlyDictionary<string, byte[]> hash)
    {
        RedisKey key = $"{entry.Kind}:{entry.Key}";
        var batch = fixture.Database.CreateBatch();
        List<Task> writing = [batch.KeyDeleteAsync(key)];
        if (hash.Count > 0)
        {
            writing.Add(batch.HashSetAsync(key, [.. hash.Select(static field => new HashEntry(field.Key, field.Value))]));
        }

        batch.Execute();
        await Task.WhenAll(writing);
    }

    private static void Check(string? fault)
    {
        if (fault is not null)
        {
            Assert.Fail(fault);
        }
    }

    private static string Print((StoredEntry Entry, StoredEntry Another, Damage[] Damages) one) =>
        $"{one.Entry.Kind} {one.Entry.Fate} '{one.Entry.Key}' ({string.Join(", ", one.Entry.Hash.Keys)}): {string.Join("; ", (object[])one.Damages)}";

    private sealed class OriginException : Exception;
}

/// <summary>On <c>redis-server</c>.</summary>
public sealed class StoredFieldsOnRedis(RedisFixture fixture) : StoredFieldTests(fixture), IClassFixture<RedisFixture>;

/// <summary>On embedded Garnet.</summary>
public sealed class StoredFieldsOnGarnet(GarnetFixture fixture) : StoredFieldTests(fixture), IClassFixture<GarnetFixture>;
