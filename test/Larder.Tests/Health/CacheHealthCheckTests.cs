using Larder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace Larder.Tests.Health;

public sealed class CacheHealthCheckTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_MemoryOnly_Healthy()
    {
        var services = new ServiceCollection();
        services.AddLarder();
        services.AddLogging().AddHealthChecks().AddLarderHealthCheck();
        await using var provider = services.BuildServiceProvider();

        var report = await ReportAsync(provider);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal("Memory only.", report.Entries["larder"].Description);
    }

    [Fact]
    public async Task Check_StoreDiesAndComesBack_SaysWhatIsWrongAndThenHealthy()
    {
        await using var server = await EmbeddedServer.StartAsync();
        var services = new ServiceCollection();
        services.AddLarder("orders").UseRedis(server.Configuration);
        services.AddLogging().AddHealthChecks().AddLarderHealthCheck("orders");
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredKeyedService<LarderCache>("orders");
        await Eventually.TrueAsync(async () => (await ReportAsync(provider)).Status == HealthStatus.Healthy, message: "it is healthy");

        await server.KillAsync();
        await cache.RemoveAsync("k", Cancel);

        await Eventually.TrueAsync(async () => !(bool)(await ReportAsync(provider)).Entries["larder:orders"].Data["isTrusted"], message: "the loss is noticed");
        var report = await ReportAsync(provider);
        var entry = report.Entries["larder:orders"];
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Matches(@"^L2 \(redis at .*\) does not answer; L1 is not trusted for \d+ s: .*; 1 invalidation\(s\) have not reached L2, the oldest for \d+ s\.$", entry.Description!);
        Assert.Equal(1, entry.Data["undelivered"]);

        await server.RestartAsync();
        await Eventually.TrueAsync(
            async () => (await ReportAsync(provider)).Status == HealthStatus.Healthy, TimeSpan.FromSeconds(30), "it is healthy again");
    }

    private static Task<HealthReport> ReportAsync(ServiceProvider provider) =>
        provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
}
