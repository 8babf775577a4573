using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Tests.Policies;

/// <summary>Options that a function chooses by the key, at each kind of call.</summary>
public sealed class OptionsByKeyTests() : MemoryPolicyTests(static options =>
{
    options.DefaultEntryOptions = new() { Expiration = TimeSpan.FromSeconds(60) };
    options.EntryOptionsFor = static key => key.Split(':') switch
    {
        ["brief", ..] => Brief,
        ["unread", ..] => Unread,
        ["broken", ..] => throw new OriginDownException(),
        _ => null,
    };
})
{
    private static readonly LarderEntryOptions Brief = new() { Expiration = TimeSpan.FromSeconds(10) };
    private static readonly LarderEntryOptions Unread = new() { Flags = HybridCacheEntryFlags.DisableLocalCacheRead };

    [Fact]
    public async Task GetOrCreate_KeyWithOptions_ExpiresByThemUnlessTheCallSaysOtherwise()
    {
        await CreateAsync("k");
        await CreateAsync("brief:1");
        await CreateAsync("brief:2", new LarderEntryOptions { Expiration = 20 * Second });
        await Cache.SetAsync("brief:3", "set", cancellationToken: Cancel);

        Time.Advance(10 * Second);
        Assert.Equal("k brief:2", await FoundAsync("k", "brief:1", "brief:2", "brief:3"));
        Time.Advance(10 * Second);
        Assert.Equal("k", await FoundAsync("k", "brief:1", "brief:2", "brief:3"));
    }

    [Fact]
    public async Task GetOrCreate_KeyWhoseL1IsNotRead_RunsTheFactoryByEachOverload()
    {
        for (var call = 1; call <= 3; call++)
        {
            var id = 1;
            await CreateAsync("unread:1");
            await Cache.GetOrCreateAsync($"unread:{id}", token => Origin.CallAsync(token), cancellationToken: Cancel);
            Assert.Equal(2 * call, Origin.Calls);
            Assert.False((await Cache.TryGetAsync<string>("unread:1", Cancel)).Found);
        }

        await CreateAsync("unread:1", new LarderEntryOptions { Flags = HybridCacheEntryFlags.None });
        Assert.Equal(6, Origin.Calls);
    }

    [Fact]
    public async Task GetOrCreateMany_KeysOfSeveralOptions_OneCallOfTheFactoryForEachAndEachHasItsOwn()
    {
        var calls = new List<IReadOnlyList<string>>();

        var made = await Cache.GetOrCreateManyAsync(
            ["a", "brief:1", "b", "brief:2"],
            (missing, _) =>
            {
                calls.Add(missing);
                return new ValueTask<Dictionary<string, string>>(missing.ToDictionary(static key => key));
            },
            cancellationToken: Cancel);

        Assert.Equal(["a", "b", "brief:1", "brief:2"], made.Keys.Order());
        Assert.Equal([["a", "b"], ["brief:1", "brief:2"]], calls);
        Time.Advance(10 * Second);
        Assert.Equal("a b", await FoundAsync("a", "b", "brief:1", "brief:2"));
        Assert.Equal(["a", "b"], (await Cache.GetManyAsync<string>(["a", "b", "brief:1"], Cancel)).Keys.Order());
    }

    [Fact]
    public async Task SetMany_KeysOfSeveralOptions_EachHasItsOwn()
    {
        await Cache.SetManyAsync([KeyValuePair.Create("a", 1), KeyValuePair.Create("brief:1", 2)], cancellationToken: Cancel);

        Time.Advance(10 * Second);

        Assert.Equal(["a"], (await Cache.GetManyAsync<int>(["a", "brief:1"], Cancel)).Keys);
    }

    [Fact]
    public async Task Factory_UnsetsAnOption_TheKeysIsInForce()
    {
        await Cache.GetOrCreateAsync<string>(
            "brief:1",
            static (context, _) =>
            {
                context.Options.Expiration = null;
                return new ValueTask<string>("made");
            },
            cancellationToken: Cancel);

        Time.Advance(10 * Second);
        Assert.Equal("", await FoundAsync("brief:1"));
    }

    [Fact]
    public async Task GetOrCreate_FunctionThrows_SoDoesTheCall() =>
        await Assert.ThrowsAsync<OriginDownException>(() => CreateAsync("broken:1"));

    private Task<string?> CreateAsync(string key, HybridCacheEntryOptions? options = null) =>
        Cache.GetOrCreateAsync(key, Origin, static (origin, token) => origin.CallAsync(token), options, cancellationToken: Cancel).AsTask();

    /// <summary>Those of the keys that are cached.</summary>
    private async Task<string> FoundAsync(params string[] keys)
    {
        var found = new List<string>();
        foreach (var key in keys)
        {
            if ((await Cache.TryGetAsync<string>(key, Cancel)).Found)
            {
                found.Add(key);
            }
        }

        return string.Join(' ', found);
    }
}
