using System.Diagnostics;
using System.Globalization;
using Larder.Testing;
using Outage;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine("3 nodes, 20 keys, 24 readers, 10 removals a second; Redis is away from 5 s to 35 s; MaxStaleness 5 s, StoreTimeout 1 s");
Console.WriteLine();
Console.WriteLine("| Redis   | reads      | failed | over 50 ms | longest wait, ms | factory calls of one key on one node in the 30 s, at most | undelivered, at most | all healthy again after, s |");
Console.WriteLine("|---------|-----------:|-------:|-----------:|-----------------:|----------------------------------------------------------:|---------------------:|---------------------------:|");
await RunAsync("killed", static server => server.Kill(), static server => server.RestartAsync());
await RunAsync("hangs", static server => server.Suspend(), static server =>
{
    server.Resume();
    return Task.CompletedTask;
});

static async Task RunAsync(string name, Action<RedisServer> take, Func<RedisServer, Task> bringBack)
{
    await using var server = await RedisServer.StartAsync();
    await using var load = new Load(server.Configuration);
    await load.BeginAsync();
    await Task.Delay(TimeSpan.FromSeconds(5));
    take(server);
    var start = Stopwatch.GetTimestamp();
    await Task.Delay(TimeSpan.FromSeconds(30));
    var undelivered = load.Undelivered;
    var calls = load.MostCallsSince(start);
    await bringBack(server);
    var healthy = await load.HealthyAsync();
    await Task.Delay(TimeSpan.FromSeconds(2));
    await load.EndAsync();
    Console.WriteLine(
        $"| {name,-7} | {load.Reads,10:N0} | {load.Failed,6:N0} | {load.Slow,10:N0} | {load.Longest.TotalMilliseconds,16:N0} | {calls,57:N0} | {undelivered,20:N0} | {healthy.TotalSeconds,26:N1} |");
}
