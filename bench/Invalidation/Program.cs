using System.Globalization;
using Invalidation;
using Larder.Testing;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Rounds = 3;

Console.WriteLine($"{Load.Nodes} nodes, {Load.PerSecond:N0} removals a second for {Load.Seconds} s; from the return of RemoveAsync until a node has no copy in L1; {Rounds} rounds in turn");
Console.WriteLine();
Console.WriteLine("| cache       | removals | p50, ms | p99, ms | p99.9, ms | longest, ms |");
Console.WriteLine("|-------------|---------:|--------:|--------:|----------:|------------:|");
for (var round = 0; round < Rounds; round++)
{
    await RunAsync("Larder", server => new LarderNode(server));
    await RunAsync("FusionCache", server => new FusionNode(server));
}

static async Task RunAsync(string name, Func<string, ICacheNode> create)
{
    await using var server = await RedisServer.StartAsync();
    var nodes = Enumerable.Range(0, Load.Nodes).Select(_ => create(server.Configuration)).ToArray();
    var delays = await Load.RunAsync(nodes);
    foreach (var node in nodes)
    {
        await node.DisposeAsync();
    }

    Array.Sort(delays);
    Console.WriteLine($"| {name,-11} | {delays.Length / (Load.Nodes - 1),8:N0} | {At(0.5),7:0.00} | {At(0.99),7:0.00} | {At(0.999),9:0.00} | {delays[^1],11:0.00} |");

    double At(double share) => delays[(int)((delays.Length - 1) * share)];
}
