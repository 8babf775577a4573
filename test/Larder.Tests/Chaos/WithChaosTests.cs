using Larder.Stores;
using Larder.Testing;
using Larder.Testing.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Larder.Tests.Chaos;

public sealed class WithChaosTests : IDisposable
{
    private readonly MemoryServer _server = new(TimeProvider.System);
    private readonly RecordedLog _log = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Start_ChaosIsOn_IsAWarning()
    {
        using var host = await StartAsync(builder => builder.Services.AddLarder("orders").UseStore(Memory).WithChaos());

        Assert.Contains(_log.Warnings, static line => line.StartsWith("The cache 'orders' runs with chaos", StringComparison.Ordinal));
        host.Services.GetRequiredKeyedService<LarderChaos>("orders").IsOn = false;
        Assert.Contains(_log.Warnings, static line => line.StartsWith("The cache 'orders' has chaos, which is off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NoStore_SaysWhatToCall()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(builder => builder.Services.AddLarder("orders").WithChaos()));

        Assert.Contains("WithChaos was called for the cache 'orders', which has no store", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Reads", "1.5", "Larder:Chaos:Reads was '1.5'; it may be from 0 to 1.")]
    [InlineData("Writes", "-1", "Larder:Chaos:Writes was '-1'; it may be from 0 to 1.")]
    [InlineData("Leases", "NaN", "Larder:Chaos:Leases was 'NaN'; it may be from 0 to 1.")]
    [InlineData("Feed", "2", "Larder:Chaos:Feed was '2'; it may be from 0 to 1.")]
    [InlineData("LostAnswers", "2", "Larder:Chaos:LostAnswers was '2'; it may be from 0 to 1.")]
    [InlineData("LostMessages", "2", "Larder:Chaos:LostMessages was '2'; it may be from 0 to 1.")]
    [InlineData("MaximumDelay", "00:02:00", "Larder:Chaos:MaximumDelay was '00:02:00'; it may be from 00:00:00 to 00:01:00.")]
    [InlineData("MinimumDelay", "00:00:01", "Larder:Chaos:MaximumDelay was '00:00:00'; it may be from 00:00:01 to 00:01:00.")]
    [InlineData("FeedOutage", "-00:00:01", "Larder:Chaos:FeedOutage was '-00:00:01'; it may be from 00:00:00 to 01:00:00.")]
    [InlineData("Seed", "seven", "Larder:Chaos:Seed")]
    public async Task Start_SettingIsWrong_SaysWhichAndWhatItMayBe(string setting, string value, string message)
    {
        var failure = await Record.ExceptionAsync(() => StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection([new($"Larder:Chaos:{setting}", value)]);
            builder.Services.AddLarder().UseStore(Memory).WithChaos();
        }));

        Assert.Contains(message, failure!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SettingsAndCode_CodeCounts()
    {
        using var host = await StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection([new("Larder:Chaos:Reads", "0.25"), new("Larder:Chaos:Writes", "0.25")]);
            builder.Services.AddLarder().UseStore(Memory).WithChaos(static options => options.Writes = 0.75).WithChaos(static options => options.Feed = 0.5);
        });

        var now = host.Services.GetRequiredService<LarderChaos>().Now;

        Assert.Equal((0.25, 0.75, 0.5), (now.Reads, now.Writes, now.Feed));
        Assert.Equal("memory, with chaos", host.Services.GetRequiredService<LarderCache>().Node.Line!.Store.Description); // once, though called twice
    }

    [Fact]
    public async Task WithChaos_BeforeTheStoreIsChosen_IsAroundIt()
    {
        await using var services = new ServiceCollection().AddLarder().WithChaos().UseStore(Memory).Services.BuildServiceProvider();

        Assert.EndsWith(", with chaos", services.GetRequiredService<LarderCache>().Node.Line!.Store.Description, StringComparison.Ordinal);
        Assert.EndsWith(", with chaos", services.GetRequiredService<ILarderFactory>().GetCache("tenant").Node.Line!.Store.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithChaos_StoreThatNeitherListsNorTalks_DoesNotSayThatItDoes()
    {
        await using var services = new ServiceCollection().AddLarder().UseStore(Memory).WithChaos().Services.BuildServiceProvider();

        var store = services.GetRequiredService<LarderCache>().Node.Line!.Store;

        Assert.Null(store.Ability<IKeyScanner>());
        Assert.Null(store.Ability<INodeMessenger>());
        Assert.Equal(StoreCapabilities.All, store.Capabilities);
    }

    [Fact]
    public async Task Change_OutOfRange_ThrowsAndNothingIsChanged()
    {
        using var host = await StartAsync(builder => builder.Services.AddLarder().UseStore(Memory).WithChaos(static options => options.Reads = 0.5));
        var chaos = host.Services.GetRequiredService<LarderChaos>();

        var failure = Assert.Throws<ArgumentException>(() => chaos.Change(static options => (options.Writes, options.Reads) = (1, 3)));

        Assert.Contains("Larder:Chaos:Reads was '3'", failure.Message, StringComparison.Ordinal);
        Assert.Equal((0.5, 0), (chaos.Now.Reads, chaos.Now.Writes));
    }

    [Theory]
    [InlineData(nameof(LarderChaosOptions.Reads))]
    [InlineData(nameof(LarderChaosOptions.Writes))]
    [InlineData(nameof(LarderChaosOptions.Leases))]
    [InlineData(nameof(LarderChaosOptions.Feed))]
    public async Task Fail_OneClassOfOperations_ThatOneFailsAndNoOther(string failing)
    {
        await using var services = new ServiceCollection().AddLarder().UseStore(Memory).WithChaos().Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();
        await cache.Ready;
        var (store, chaos) = (cache.Node.Line!.Store, services.GetRequiredService<LarderChaos>());
        chaos.Change(options => typeof(LarderChaosOptions).GetProperty(failing)!.SetValue(options, 1.0));
        var lease = new LeaseToken("n:1");
        var write = new StoreWrite { Payload = new byte[1] };

        Assert.Equal(
            failing,
            string.Join(", ", new[]
            {
                (nameof(LarderChaosOptions.Reads), await FailAsync(
                    async () => await store.ReadAsync("k", Cancel),
                    async () => await store.ReadManyAsync(["k"], Cancel),
                    async () => await store.ReadTagsAsync([], Cancel))),
                (nameof(LarderChaosOptions.Writes), await FailAsync(
                    async () => await store.SetAsync("k", write, Cancel),
                    async () => await store.SetManyAsync([new("k", write)], Cancel),
                    async () => await store.RemoveAsync(["k"], Cancel),
                    async () => await store.ExpireAsync(["k"], Cancel),
                    async () => await store.TouchAsync("k", TimeSpan.Zero, Cancel),
                    async () => await store.InvalidateTagsAsync(["t"], Cancel),
                    async () => await store.CommitAsync("k", lease, write, Cancel),
                    async () => await store.CommitManyAsync([new("k", write, lease)], Cancel))),
                (nameof(LarderChaosOptions.Leases), await FailAsync(
                    async () => await store.AcquireLeaseAsync("k", new(lease, TimeSpan.FromSeconds(1)), Cancel),
                    async () => await store.AcquireLeasesAsync([("k", new(lease, TimeSpan.FromSeconds(1)))], Cancel),
                    async () => await store.RenewLeaseAsync("k", lease, TimeSpan.FromSeconds(1), Cancel),
                    async () => await store.ReleaseLeaseAsync("k", lease, null, Cancel))),
                (nameof(LarderChaosOptions.Feed), await FailAsync(async () => await store.PulseAsync(1, Cancel))),
            }.Where(static kind => kind.Item2).Select(static kind => kind.Item1)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task Fail_Write_IsCarriedOutIfOnlyItsAnswerIsLost(double lostAnswers, bool isThere)
    {
        await using var services = new ServiceCollection().AddLarder().UseStore(Memory)
            .WithChaos(options => (options.Writes, options.LostAnswers) = (1, lostAnswers)).Services.BuildServiceProvider();
        var store = services.GetRequiredService<LarderCache>().Node.Line!.Store;

        await Assert.ThrowsAsync<ChaosException>(() => store.SetAsync("k", new StoreWrite { Payload = new byte[1] }, Cancel).AsTask());

        Assert.Equal(isThere, await store.ReadAsync("k", Cancel) is not null);
        Assert.Equal(1, services.GetRequiredService<LarderChaos>().Failures);
    }

    private ILarderStore Memory(IServiceProvider services, StoreContext context) => new MemoryStore(_server, context);

    private async Task<IHost> StartAsync(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(_log);
        configure(builder);
        var host = builder.Build();
        try
        {
            await host.StartAsync(Cancel);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Whether all of them fail, or none; anything in between is a failure of the test.</summary>
    private static async Task<bool> FailAsync(params Func<Task>[] operations)
    {
        var failed = 0;
        foreach (var operation in operations)
        {
            failed += await Record.ExceptionAsync(operation) is ChaosException ? 1 : 0;
        }

        Assert.True(failed == 0 || failed == operations.Length, $"{failed} of {operations.Length} failed");
        return failed > 0;
    }
}
