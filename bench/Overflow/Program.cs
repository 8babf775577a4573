using System.Diagnostics;
using System.Globalization;
using Larder;
using Larder.Testing;
using Microsoft.Extensions.DependencyInjection;

// A thousand keys, read one after another by a node whose L1 has room for ten of them, without an overflow and with one, in turn.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Keys = 1_000;
const int Rounds = 7;
var directory = Directory.CreateTempSubdirectory("larder-overflow-bench-");
await using var server = await TestServer.StartAsync(ServerKind.Redis);
Console.WriteLine("| bytes of a value | from L2, µs | from the disk, µs |");
Console.WriteLine("|-----------------:|------------:|------------------:|");
foreach (var size in (int[])[1_000, 10_000, 100_000])
{
    await using var without = Node(null);
    await using var with = Node(directory.FullName);
    var (l2, disk) = (without.GetRequiredService<LarderCache>(), with.GetRequiredService<LarderCache>());
    var value = new string('x', size);
    foreach (var key in Enumerable.Range(0, Keys).Select(Key))
    {
        await disk.SetAsync(key, value);
    }

    var (fromL2, fromDisk) = (new List<double>(), new List<double>());
    for (var round = -2; round < Rounds; round++)
    {
        var (first, second) = (await ReadAsync(l2), await ReadAsync(disk));
        if (round >= 0)
        {
            fromL2.Add(first);
            fromDisk.Add(second);
        }
    }

    Console.WriteLine($"| {size,16:N0} | {Median(fromL2),11:0.0} | {Median(fromDisk),17:0.0} |");
}

directory.Delete(recursive: true);

// A machine that stalls shall not turn reads into misses.
ServiceProvider Node(string? overflow) => new ServiceCollection()
    .AddLarder(options =>
    {
        options.StoreTimeout = TimeSpan.FromSeconds(20);
        options.Local.MaximumEntries = 10;
        options.Local.Overflow.Directory = overflow;
    })
    .UseRedis(server.Configuration).Services.BuildServiceProvider();

static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"key:{number}");

static async Task<double> ReadAsync(LarderCache cache)
{
    var start = Stopwatch.GetTimestamp();
    for (var i = 0; i < Keys; i++)
    {
        await cache.GetOrCreateAsync<string>(Key(i), static _ => throw new InvalidOperationException("Not a hit."));
    }

    return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Keys;
}

static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
