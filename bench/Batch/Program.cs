using System.Diagnostics;
using System.Globalization;
using Batch;
using Larder.Testing;

// 100 keys of 1 KB that are in L2 and not in L1: 100 calls one after another, 100 at once, and one call for all of them; and what the
// client alone needs for the same reads, one by one and sent together. Each way for half a second, in turn; the median of the rounds'
// mean times. The last row is with a network between: each piece arrives at least 1 ms later (4 ms where the kernel's timer ticks 250
// times a second).
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Rounds = 20;
Console.WriteLine("| server       | 100 calls, ms | at once, ms | 1 batch, ms | calls / batch | client: 100 reads, ms | together, ms | reads / together |");
Console.WriteLine("|--------------|--------------:|------------:|------------:|--------------:|----------------------:|-------------:|-----------------:|");
foreach (var (kind, delay) in new[] { (ServerKind.Redis, 0), (ServerKind.Garnet, 0), (ServerKind.Redis, 1) })
{
    await using var server = await TestServer.StartAsync(kind);
    await using var network = new FaultyProxy(server.Port) { Delay = TimeSpan.FromMilliseconds(delay) };
    await using var readers = await Readers.StartAsync(delay == 0 ? server.Configuration : network.Configuration);
    Func<Task>[] ways = [readers.OneByOneAsync, readers.AtOnceAsync, readers.BatchAsync, readers.BareOneByOneAsync, readers.BareTogetherAsync];
    var times = Array.ConvertAll(ways, static _ => new List<double>());
    for (var round = -2; round < Rounds; round++)
    {
        for (var way = 0; way < ways.Length; way++)
        {
            var time = await TimeAsync(ways[way]);
            if (round >= 0)
            {
                times[way].Add(time);
            }
        }
    }

    var medians = Array.ConvertAll(times, static all => all.Order().ElementAt(all.Count / 2));
    var name = (kind, delay) switch { (ServerKind.Garnet, _) => "Garnet", (_, 0) => "redis-server", _ => "redis, far" };
    Console.WriteLine(
        $"| {name,-12} | {medians[0],13:0.00} | {medians[1],11:0.00} | {medians[2],11:0.00} | {medians[0] / medians[2],13:0.0} "
        + $"| {medians[3],21:0.00} | {medians[4],12:0.00} | {medians[3] / medians[4],16:0.0} |");
}

static async Task<double> TimeAsync(Func<Task> action)
{
    var (start, times) = (Stopwatch.GetTimestamp(), 0);
    TimeSpan elapsed;
    do
    {
        await action();
        times++;
        elapsed = Stopwatch.GetElapsedTime(start);
    }
    while (elapsed < TimeSpan.FromMilliseconds(500));

    return elapsed.TotalMilliseconds / times;
}
