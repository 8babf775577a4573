using System.Globalization;
using L2;
using Larder.Testing;

// Each operation by each cache for a tenth of a second, in turn, many rounds. The first words of args choose operations.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// A server and its client that have just started are quicker or slower by a fifth than the next ones are, for as long as they run.
const int Starts = 3;
const int RoundsOfAStart = 5;

// The runtime has compiled what is called often for good after some seconds, and later where there is more of it.
const int CompilingRounds = 40;

if (args is [ContenderProcess.Command, var name])
{
    await ContenderHost.RunAsync(name, Console.In, Console.Out);
    return;
}

var contenders = Contenders.Names.Select(ContenderProcess.Start).ToArray();
foreach (var operation in Enum.GetValues<Operation>().Where(operation => args.Length == 0 || args.Contains(operation.ToString(), StringComparer.OrdinalIgnoreCase)))
{
    var report = new Report(operation);
    var isCompiled = false;
    foreach (var kind in (ServerKind[])[ServerKind.Redis, ServerKind.Garnet, ServerKind.GarnetAtSocket])
    {
        foreach (var size in (int[])(operation is Operation.Remove or Operation.RemoveByTag ? [0] : [100, 1_000, 100_000]))
        {
            // 64 batches of 100 KB each would be 640 MB on their way.
            int[] counts = operation == Operation.Batch && size == 100_000 ? [1] : [1, 64];
            var rates = counts.ToDictionary(static callers => callers, static _ => new List<(string Name, Rate Rate)>());
            for (var start = 0; start < Starts; start++)
            {
                var running = await StartAsync(contenders, new Order(operation, size, counts[^1], kind));
                if (!isCompiled)
                {
                    await RunAsync(running, new Order(operation, size, counts[^1]), CompilingRounds);
                    isCompiled = true;
                }

                foreach (var callers in counts)
                {
                    var order = new Order(operation, size, callers);
                    await RunAsync(running, order, 2);
                    rates[callers].AddRange(await RunAsync(running, order, RoundsOfAStart));
                }
            }

            foreach (var callers in counts)
            {
                report.Add(kind, size, callers, rates[callers].ToLookup(static one => one.Name, static one => one.Rate));
            }
        }
    }
}

foreach (var contender in contenders)
{
    await contender.DisposeAsync();
}

// Those that have the operation.
static async Task<List<ContenderProcess>> StartAsync(ContenderProcess[] contenders, Order order)
{
    var running = new List<ContenderProcess>();
    foreach (var contender in contenders)
    {
        if (await contender.StartAsync(order))
        {
            running.Add(contender);
        }
    }

    return running;
}

// Each begins a round as often as the others: what one leaves to be done falls to the next.
static async Task<List<(string Name, Rate Rate)>> RunAsync(List<ContenderProcess> contenders, Order order, int rounds)
{
    var rates = new List<(string Name, Rate Rate)>();
    for (var round = 0; round < rounds; round++)
    {
        for (var i = 0; i < contenders.Count; i++)
        {
            var contender = contenders[(round + i) % contenders.Count];
            rates.Add((contender.Name, await contender.RunAsync(order)));
        }
    }

    return rates;
}
