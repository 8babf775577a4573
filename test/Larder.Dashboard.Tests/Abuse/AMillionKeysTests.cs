using System.Globalization;
using System.Text.Json;
using Larder.Dashboard.Tests.Apps;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Larder.Dashboard.Tests.Abuse;

public sealed class AMillionKeysTests
{
    private const int Keys = 1_000_000;

    [Fact]
    public async Task Keys_AMillion_AreScannedInBoundedStepsThatBlockNobody()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Configuration + ",allowAdmin=true");
        await FillAsync(redis.GetDatabase());
        var admin = redis.GetServer(server.Configuration);
        await using var app = await DashboardApp.StartAsync(
            "Development",
            // A busy machine can keep the server off its processor for longer than the second that an operation has.
            services => services.AddLarder(static options => options.StoreTimeout = TimeSpan.FromSeconds(30)).UseRedis(server.Configuration),
            static app => app.MapLarderDashboard());

        var (steps, examined, largest, found) = await ScanAsync(app, "pattern=row:77777*");

        Assert.InRange(await admin.DatabaseSizeAsync(), Keys, long.MaxValue);
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => $"row:77777{i}").Append("row:77777").Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.InRange(examined, Keys, 1.2 * Keys);
        Assert.InRange(largest, 1, 20_000);
        Assert.InRange(steps, Keys / 20_000, int.MaxValue);
        var commands = (await admin.InfoAsync("commandstats")).SelectMany(static section => section).ToDictionary(
            static command => command.Key, static command => command.Value, StringComparer.Ordinal);
        Assert.DoesNotContain("cmdstat_keys", commands);
        // Each holds up the app's commands for as long as it takes: many small ones.
        Assert.InRange(int.Parse(commands["cmdstat_scan"].Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture), Keys / 2000, int.MaxValue);
    }

    private static async Task<(int Steps, long Examined, long Largest, List<string> Found)> ScanAsync(DashboardApp app, string query)
    {
        var (steps, examined, largest, found, cursor) = (0, 0L, 0L, new List<string>(), "");
        do
        {
            var page = JsonDocument.Parse(await app.Client.GetStringAsync($"larder/api/v1/keys?{query}&cursor={Uri.EscapeDataString(cursor)}")).RootElement;
            var progress = page.GetProperty("progress");
            var seen = progress.GetProperty("examined").GetInt64();
            (steps, examined, largest) = (steps + 1, examined + seen, Math.Max(largest, seen));
            found.AddRange(page.GetProperty("keys").EnumerateArray().Select(static row => row.GetProperty("key").GetString()!));
            cursor = progress.TryGetProperty("cursor", out var next) ? next.GetString()! : "";
        }
        while (cursor.Length > 0);

        return (steps, examined, largest, found);
    }

    // As Microsoft's RedisCache would have written them; by scripts, for there are many.
    private static async Task FillAsync(IDatabase database)
    {
        const int Batch = 20_000;
        const string Script = """
            for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
              redis.call('HSET', 'row:' .. i, 'absexp', '-1', 'sldexp', '-1', 'data', '1')
            end
            """;
        for (var first = 0; first < Keys; first += Batch)
        {
            await database.ScriptEvaluateAsync(Script, [], [first, first + Batch - 1]);
        }
    }
}
