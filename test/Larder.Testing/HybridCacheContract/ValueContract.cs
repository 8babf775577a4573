using System.Buffers;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Testing.HybridCacheContract;

/// <summary>Values: nulls, copies of what can be changed, serializers, types that differ.</summary>
public abstract class ValueContract : CallerContract
{
    [Fact]
    public async Task Null_IsCachedAsAnyOtherValue()
    {
        Assert.Null(await GetAsync<string?>(null));
        Assert.Null(await GetAsync<string?>("never"));
        Assert.Null(await (await OtherNodeAsync()).GetOrCreateAsync("key", static _ => ValueTask.FromResult<string?>("never"), cancellationToken: Cancel));
        Assert.True((await Larder.TryGetAsync<string?>("key", Cancel)).Found);
    }

    [Fact]
    public async Task Null_CacheNullIsOff_IsNotCached()
    {
        var options = new LarderEntryOptions { CacheNull = false };

        Assert.Null(await GetAsync<string?>(null, options));
        Assert.Equal("made", await GetAsync<string?>("made", options));

        await Cache.SetAsync<string?>("key", null, options, cancellationToken: Cancel);
        Assert.Equal("again", await GetAsync<string?>("again", options));
    }

    [Fact]
    public async Task Values_OfManyTypes_ComeBackFromL1AndL2()
    {
        await RoundTripAsync("text", "grüße 🥫");
        await RoundTripAsync("empty", "");
        await RoundTripAsync("number", 42);
        await RoundTripAsync("nullable", (int?)null);
        await RoundTripAsync("nullable with a value", (int?)7);
        await RoundTripAsync("date", new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.FromHours(1)));
        await RoundTripAsync("enum", DayOfWeek.Friday);
        await RoundTripAsync("record", new Fixed("Ada", 36));
        await RoundTripAsync("tuple", (1, "two"));
        await RoundTripAsync("bytes", new byte[] { 0, 255, 1 });
        await RoundTripAsync("no bytes", Array.Empty<byte>());
        await RoundTripAsync("list", new List<string> { "a", "b" });
        await RoundTripAsync("large", new string('x', 1 << 20));
    }

    [Fact]
    public async Task Hits_MutableType_EachHasItsOwnCopy()
    {
        var made = await GetAsync(new Mutable { Name = "made" });
        made.Name = "changed by its maker";
        var one = await GetAsync(new Mutable());
        one.Name = "changed by a reader";
        var two = await GetAsync(new Mutable());

        Assert.Equal("made", two.Name);
    }

    [Fact]
    public async Task Set_MutableType_LaterChangesOfTheObjectAreNotSeen()
    {
        var value = new Mutable { Name = "set" };
        await Cache.SetAsync("key", value, cancellationToken: Cancel);
        value.Name = "changed";

        Assert.Equal("set", (await GetAsync(new Mutable())).Name);
    }

    [Fact]
    public async Task JoinedCallers_MutableType_EachHasItsOwnCopy()
    {
        var gate = new Gate();
        var calls = Enumerable.Range(0, 3).Select(_ => Cache.GetOrCreateAsync(
            "key",
            async token =>
            {
                await gate.PassAsync(token);
                return new Mutable { Name = "made" };
            },
            cancellationToken: Cancel).AsTask()).ToArray();
        await gate.Reached;
        gate.Open();

        var values = await Task.WhenAll(calls);

        Assert.Equal(3, values.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.All(values, value => Assert.Equal("made", value.Name));
    }

    [Fact]
    public async Task Hits_ImmutableType_ShareOneInstance()
    {
        await AssertSharedAsync("record", new Fixed("Ada", 36));
        await AssertSharedAsync("text", new string('x', 3));
        await AssertSharedAsync("marked", new Marked { Name = "Ada" });
    }

    [Fact]
    public async Task Hits_ShareInstances_ShareOneInstanceWhateverTheType() =>
        await AssertSharedAsync("mutable", new Mutable { Name = "Ada" }, new LarderEntryOptions { ShareInstances = true });

    [Fact]
    public async Task Read_AsAnotherType_RunsTheFactory()
    {
        await Cache.SetAsync("key", "no number", cancellationToken: Cancel);

        Assert.Equal(42, await GetAsync(42));
        Assert.Equal(42, await GetAsync(0));
    }

    [Fact]
    public async Task Serializer_RegisteredForTheType_IsUsed()
    {
        void Register(IServiceCollection services) => services.AddSingleton<IHybridCacheSerializer<Mutable>, ShoutingSerializer>();
        var cache = await StartAsync(register: Register);
        await cache.SetAsync("key", new Mutable { Name = "quiet" }, cancellationToken: Cancel);

        Assert.Equal("QUIET", (await cache.TryGetAsync<Mutable>("key", Cancel)).Value!.Name);
        var reader = HasStore ? await StartAsync(register: Register) : cache;
        Assert.Equal("QUIET", (await reader.TryGetAsync<Mutable>("key", Cancel)).Value!.Name);
    }

    [Fact]
    public async Task SerializerFactory_Registered_IsAskedForWhatHasNoSerializer()
    {
        var cache = await StartAsync(register: static services => services.AddSingleton<IHybridCacheSerializerFactory, ShoutingFactory>());
        await cache.SetAsync("key", new Mutable { Name = "quiet" }, cancellationToken: Cancel);
        await cache.SetAsync("list", new List<string> { "quiet" }, cancellationToken: Cancel);

        Assert.Equal("QUIET", (await cache.TryGetAsync<Mutable>("key", Cancel)).Value!.Name);
        Assert.Equal("quiet", (await cache.TryGetAsync<List<string>>("list", Cancel)).Value![0]);
    }

    [Fact]
    public async Task Serializer_Throws_FactorysValueIsReturnedAndNotCached()
    {
        var cache = await StartAsync(register: static services => services.AddSingleton<IHybridCacheSerializer<Mutable>, FailingSerializer>());

        Assert.Equal("made", (await cache.GetOrCreateAsync(
            "key", static _ => ValueTask.FromResult(new Mutable { Name = "made" }), cancellationToken: Cancel)).Name);
        Assert.False((await cache.TryGetAsync<Mutable>("key", Cancel)).Found);
        await Assert.ThrowsAsync<NotSupportedException>(() => cache.SetAsync("key", new Mutable(), cancellationToken: Cancel).AsTask());
    }

    [Fact]
    public async Task MaximumPayloadBytes_LargerValue_IsReturnedAndNotCached()
    {
        var cache = await StartAsync(options => options.MaximumPayloadBytes = 100);
        var large = new Mutable { Name = new string('x', 100) };

        Assert.Equal(large.Name, (await cache.GetOrCreateAsync("key", _ => ValueTask.FromResult(large), cancellationToken: Cancel)).Name);
        Assert.False((await cache.TryGetAsync<Mutable>("key", Cancel)).Found);

        await cache.SetAsync("key", new Mutable { Name = "small" }, cancellationToken: Cancel);
        Assert.True((await cache.TryGetAsync<Mutable>("key", Cancel)).Found);
        await cache.SetAsync("key", large, cancellationToken: Cancel);
        Assert.False((await cache.TryGetAsync<Mutable>("key", Cancel)).Found);
    }

    [Fact]
    public async Task L1_AnotherTypeThatItsPayloadWouldFit_IsAMiss()
    {
        await Cache.SetAsync(
            "key",
            new Mutable { Name = "made" },
            new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableDistributedCacheWrite },
            cancellationToken: Cancel);

        Assert.Equal(7, (await GetAsync(new Counted { Count = 7 })).Count);
    }

    private async Task RoundTripAsync<T>(string key, T value)
    {
        await Cache.SetAsync(key, value, cancellationToken: Cancel);

        foreach (var node in new[] { Larder, await OtherNodeAsync() })
        {
            var read = await node.TryGetAsync<T>(key, Cancel);
            Assert.True(read.Found);
            Assert.Equal(value, read.Value);
        }
    }

    private async Task AssertSharedAsync<T>(string key, T value, LarderEntryOptions? options = null)
        where T : class
    {
        Assert.Same(value, await Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(value), options, cancellationToken: Cancel));
        Assert.Same(value, await Cache.GetOrCreateAsync<T>(
            key, static _ => throw new InvalidOperationException("The factory ran."), options, cancellationToken: Cancel));
    }

    private ValueTask<T> GetAsync<T>(T made, LarderEntryOptions? options = null) =>
        Cache.GetOrCreateAsync("key", made, static (made, _) => ValueTask.FromResult(made), options, cancellationToken: Cancel);

    private sealed record Fixed(string Name, int Age);

    private sealed class Mutable
    {
        public string Name { get; set; } = "";
    }

    private sealed class Counted
    {
        public int Count { get; set; }
    }

    [ImmutableObject(true)]
    private sealed class Marked
    {
        public string Name { get; set; } = "";
    }

    private sealed class ShoutingSerializer : IHybridCacheSerializer<Mutable>
    {
        public Mutable Deserialize(ReadOnlySequence<byte> source) => new() { Name = Encoding.UTF8.GetString(source) };

        public void Serialize(Mutable value, IBufferWriter<byte> target) => Encoding.UTF8.GetBytes(value.Name.ToUpperInvariant(), target);
    }

    private sealed class ShoutingFactory : IHybridCacheSerializerFactory
    {
        public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
        {
            serializer = new ShoutingSerializer() as IHybridCacheSerializer<T>;
            return serializer is not null;
        }
    }

    private sealed class FailingSerializer : IHybridCacheSerializer<Mutable>
    {
        public Mutable Deserialize(ReadOnlySequence<byte> source) => throw new NotSupportedException();

        public void Serialize(Mutable value, IBufferWriter<byte> target) => throw new NotSupportedException();
    }
}
