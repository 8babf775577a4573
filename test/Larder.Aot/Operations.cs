using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Larder.Aot;

/// <summary>Each operation of a cache, by one server, and what the other sees of it.</summary>
internal sealed class Operations(Server a, Server b)
{
    private static readonly User Ada = new(1, "Ada");
    private static readonly User Grace = new(2, "Grace");

    public IReadOnlyList<(string Name, Func<Task> Run)> All =>
    [
        ("GetOrCreate", GetOrCreateAsync),
        ("GetOrCreate with state and an interpolated key", GetOrCreateWithStateAsync),
        ("GetOrCreate of null", GetOrCreateNullAsync),
        ("GetOrCreate by an adaptive factory", AdaptiveAsync),
        ("GetOrCreate through HybridCache", HybridCacheAsync),
        ("conditional refresh", NotModifiedAsync),
        ("fail-safe", FailSafeAsync),
        ("factory time-out", TimeoutAsync),
        ("eager refresh", EagerRefreshAsync),
        ("commit in the background", CommitInBackgroundAsync),
        ("TryGet", TryGetAsync),
        ("Set", SetAsync),
        ("SetMany, GetMany, Remove of many", ManyAsync),
        ("GetOrCreateMany", GetOrCreateManyAsync),
        ("Remove", RemoveAsync),
        ("Expire", ExpireAsync),
        ("Refresh of a sliding entry", RefreshAsync),
        ("RemoveByTag", RemoveByTagAsync),
        ("ExpireByTag, and a read of what has expired", ExpireByTagAsync),
        ("Clear", ClearAsync),
        ("Explain", ExplainAsync),
        ("Events", EventsAsync),
        ("compression and encryption", PackedAsync),
        ("ILarderFactory", FactoryAsync),
        ("IDistributedCache", DistributedAsync),
        ("health check", HealthAsync),
    ];

    private async Task GetOrCreateAsync()
    {
        Equal(Ada, await a.Cache.GetOrCreateAsync("get", static _ => ValueTask.FromResult(Ada)));
        Equal(Ada, await b.Cache.GetOrCreateAsync("get", static _ => ValueTask.FromResult(Grace)));
        await UntilAsync(async () => (await b.Cache.TryGetAsync<User>("get")).Level == CacheLevel.L1);
    }

    private async Task GetOrCreateWithStateAsync()
    {
        Equal(7, await a.Cache.GetOrCreateAsync($"state:{7}", 7, static (state, _) => ValueTask.FromResult(state)));
        Equal(7, await b.Cache.GetOrCreateAsync($"state:{7}", 8, static (state, _) => ValueTask.FromResult(state)));
    }

    private async Task GetOrCreateNullAsync()
    {
        Equal(null, await a.Cache.GetOrCreateAsync("null", static _ => ValueTask.FromResult<User?>(null)));
        Equal(true, (await b.Cache.TryGetAsync<User?>("null")).Found);
    }

    private async Task AdaptiveAsync()
    {
        Equal(Ada, await a.Cache.GetOrCreateAsync<User>("adaptive", static (context, _) =>
        {
            context.Tags = ["adapted"];
            context.Options.Expiration = TimeSpan.FromMinutes(1);
            return ValueTask.FromResult(Ada);
        }));
        True((await b.Cache.TryGetAsync<User>("adaptive")).ExpiresIn <= TimeSpan.FromMinutes(1));
        Equal(Ada, await a.Cache.GetOrCreateAsync<User>("skipped", static (context, _) =>
        {
            context.SkipCaching = true;
            return ValueTask.FromResult(Ada);
        }));
        Equal(false, (await a.Cache.TryGetAsync<User>("skipped")).Found);
    }

    private async Task HybridCacheAsync()
    {
        HybridCache cache = a.Services.GetRequiredService<HybridCache>();
        Equal("text", await cache.GetOrCreateAsync("hybrid", static _ => ValueTask.FromResult("text"), tags: ["t"]));
        Equal("text", (await b.Cache.TryGetAsync<string>("hybrid")).Value);
    }

    private async Task NotModifiedAsync()
    {
        Equal(Ada, await a.Cache.GetOrCreateAsync<User>("etag", static (context, _) =>
        {
            context.ETag = "\"1\"";
            return ValueTask.FromResult(Ada);
        }));
        await ExpireAsync("etag");
        Equal(Ada, await b.Cache.GetOrCreateAsync<User>(
            "etag", static (context, _) => ValueTask.FromResult(context is { HasExpired: true, ETag: "\"1\"" } ? context.NotModified() : Grace)));
    }

    private async Task FailSafeAsync()
    {
        await a.Cache.SetAsync("failsafe", Ada);
        await ExpireAsync("failsafe");
        Equal(Ada, await b.Cache.GetOrCreateAsync<User>("failsafe", static _ => throw new InvalidOperationException("The origin is away.")));
        var options = new LarderEntryOptions { FailSafe = new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1) }.WithDefault(Grace) };
        Equal(Grace, await a.Cache.GetOrCreateAsync<User>("nothing", static _ => throw new InvalidOperationException("The origin is away."), options));
    }

    private async Task TimeoutAsync()
    {
        var options = new LarderEntryOptions { FactoryTimeout = new FactoryTimeoutOptions { Hard = TimeSpan.FromMilliseconds(50) } };
        var never = new TaskCompletionSource<User>();
        try
        {
            await a.Cache.GetOrCreateAsync("timeout", never.Task, static (task, _) => new ValueTask<User>(task), options);
            True(false);
        }
        catch (TimeoutException)
        {
            never.SetResult(Ada);
        }
    }

    private async Task EagerRefreshAsync()
    {
        var options = new LarderEntryOptions { Expiration = TimeSpan.FromSeconds(30), EagerRefresh = 0.01 };
        Equal(Ada, await a.Cache.GetOrCreateAsync("eager", static _ => ValueTask.FromResult(Ada), options));
        await UntilAsync(async () => await a.Cache.GetOrCreateAsync("eager", static _ => ValueTask.FromResult(Grace), options) == Grace);
    }

    private async Task CommitInBackgroundAsync()
    {
        Equal(Ada, await a.Cache.GetOrCreateAsync("background", static _ => ValueTask.FromResult(Ada), new LarderEntryOptions { CommitInBackground = true }));
        await UntilAsync(async () => (await b.Cache.TryGetAsync<User>("background")).Value == Ada);
    }

    private async Task TryGetAsync()
    {
        Equal(false, (await a.Cache.TryGetAsync<User>("tryget")).Found);
        await a.Cache.SetAsync("tryget", Ada);
        var found = await b.Cache.TryGetAsync<User>("tryget");
        Equal((Ada, CacheLevel.L2), (found.Value, found.Level));
    }

    private async Task SetAsync()
    {
        await a.Cache.SetAsync("set", Ada, new HybridCacheEntryOptions { Expiration = TimeSpan.FromMinutes(1) }, ["t"]);
        Equal(Ada, (await b.Cache.TryGetAsync<User>("set")).Value);
        await a.Cache.SetAsync("set", Grace);
        await UntilAsync(async () => (await b.Cache.TryGetAsync<User>("set")).Value == Grace);
    }

    private async Task ManyAsync()
    {
        await a.Cache.SetManyAsync<User>([new("many:1", Ada), new("many:2", Grace)]);
        var many = await b.Cache.GetManyAsync<User>(["many:1", "many:2", "many:3"]);
        Equal((2, Ada, Grace), (many.Count, many["many:1"], many["many:2"]));
        await a.Cache.RemoveAsync(["many:1", "many:2"]);
        await UntilAsync(async () => (await b.Cache.GetManyAsync<User>(["many:1", "many:2"])).Count == 0);
    }

    private async Task GetOrCreateManyAsync()
    {
        var made = await a.Cache.GetOrCreateManyAsync(
            [1, 2], static id => $"user:{id}", static (ids, _) => ValueTask.FromResult(ids.ToDictionary(static id => id, static id => new User(id, $"user {id}"))));
        Equal((2, new User(2, "user 2")), (made.Count, made[2]));
        Equal(2, (await b.Cache.GetManyAsync<User>(["user:1", "user:2"])).Count);
    }

    private async Task RemoveAsync()
    {
        await CacheOnBothAsync("remove");
        await a.Cache.RemoveAsync("remove");
        Equal(false, (await a.Cache.TryGetAsync<User>("remove")).Found);
        await IsGoneOnBAsync("remove");
    }

    private async Task ExpireAsync()
    {
        await CacheOnBothAsync("expire");
        await a.Cache.ExpireAsync("expire");
        await IsGoneOnBAsync("expire");
        True((await b.Cache.ExplainAsync("expire")).Store!.IsExpired);
    }

    private async Task RefreshAsync()
    {
        await a.Cache.SetAsync("sliding", Ada, new LarderEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(1) });
        await b.Cache.RefreshAsync("sliding");
        Equal(Ada, (await b.Cache.TryGetAsync<User>("sliding")).Value);
    }

    private async Task RemoveByTagAsync()
    {
        await CacheOnBothAsync("tagged", "tag");
        await a.Cache.RemoveByTagAsync("tag");
        Equal(false, (await a.Cache.TryGetAsync<User>("tagged")).Found);
        await IsGoneOnBAsync("tagged");
        await a.Cache.RemoveByTagAsync(["tag", "another"]);
    }

    private async Task ExpireByTagAsync()
    {
        await CacheOnBothAsync("expired", "expiring");
        await a.Cache.ExpireByTagAsync("expiring");
        Equal(false, (await a.Cache.TryGetAsync<User>("expired")).Found);
        await IsGoneOnBAsync("expired");
        Equal(true, (await b.Cache.TryGetAsync<User>("expired", new LarderEntryOptions { ReadExpired = true })).IsExpired);
    }

    private async Task ClearAsync()
    {
        await CacheOnBothAsync("clear");
        await a.Cache.ClearAsync();
        await IsGoneOnBAsync("clear");
    }

    private async Task ExplainAsync()
    {
        await a.Cache.SetAsync("explain", Ada, tags: ["t"]);
        var explanation = await a.Cache.ExplainAsync("explain");
        Equal(("t", a.Cache.NodeId), (explanation.Store!.Tags.Single(), explanation.Store.Writer));
        True(explanation.Summary.Length > 0);
        Equal(MissReason.NotThere, (await a.Cache.ExplainAsync("nothing at all")).StoreMiss);
    }

    private async Task EventsAsync()
    {
        var seen = new TaskCompletionSource<LarderEvent>();
        using var subscription = b.Cache.Events.Subscribe(change =>
        {
            if (change is { Kind: LarderEventKind.Remove, Subject: "event" })
            {
                seen.TrySetResult(change);
            }
        });
        await a.Cache.RemoveAsync("event");
        Equal(a.Cache.NodeId, (await seen.Task.WaitAsync(TimeSpan.FromSeconds(10))).Node);
    }

    private async Task PackedAsync()
    {
        var long1 = new User(3, new string('x', 10_000));
        await a.PackedCache.SetAsync("packed", long1);
        Equal(long1, (await b.PackedCache.TryGetAsync<User>("packed")).Value);
        True((await b.PackedCache.ExplainAsync("packed")).Store!.Size < 1000);
        Equal(false, (await b.Cache.TryGetAsync<User>("packed")).Found);
    }

    private async Task FactoryAsync()
    {
        var cache = a.Services.GetRequiredService<ILarderFactory>().GetCache("tenant 1");
        Equal(Ada, await cache.GetOrCreateAsync("get", static _ => ValueTask.FromResult(Ada)));
    }

    private async Task DistributedAsync()
    {
        await a.Distributed.SetAsync("bytes", [1, 2, 3], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(1) });
        await b.Distributed.RefreshAsync("bytes");
        True((await b.Distributed.GetAsync("bytes")).AsSpan().SequenceEqual((ReadOnlySpan<byte>)[1, 2, 3]));
        await a.Distributed.RemoveAsync("bytes");
        True(await b.Distributed.GetAsync("bytes") is null);
    }

    private async Task HealthAsync() =>
        Equal(HealthStatus.Healthy, (await a.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);

    private async Task CacheOnBothAsync(string key, params string[] tags)
    {
        await a.Cache.SetAsync(key, Ada, tags: tags);
        await UntilAsync(async () => (await b.Cache.TryGetAsync<User>(key)).Level == CacheLevel.L1);
    }

    // Until b has heard of it: a message that comes after b has read the expired value takes that for older than it is.
    private async Task ExpireAsync(string key)
    {
        var heard = new TaskCompletionSource();
        using var subscription = b.Cache.Events.Subscribe(happened =>
        {
            if (happened.Kind == LarderEventKind.Expire && happened.Subject == key)
            {
                heard.TrySetResult();
            }
        });
        await a.Cache.ExpireAsync(key);
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private Task IsGoneOnBAsync(string key) => UntilAsync(async () => !(await b.Cache.TryGetAsync<User>(key)).Found);

    private static async Task UntilAsync(Func<Task<bool>> isSo, [CallerArgumentExpression(nameof(isSo))] string what = "")
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isSo())
        {
            if (limit.IsCancellationRequested)
            {
                throw new InvalidOperationException($"Not within 20 s: {what}");
            }

            await Task.Delay(5);
        }
    }

    private static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InvalidOperationException($"{what}: expected '{expected}', was '{actual}'.");
        }
    }

    private static void True(bool isSo, [CallerArgumentExpression(nameof(isSo))] string what = "") => Equal(true, isSo, what);
}
