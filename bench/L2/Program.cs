using System.Globalization;
using L2;
using Larder.Testing;

// Each operation by each cache for a fifth of a second, in turn, several rounds. The first words of args choose operations.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Rounds = 7;

// The runtime has compiled what is called often for good after some seconds, and later where there is more of it.
const int CompilingRounds = 20;
foreach (var operation in Enum.GetValues<Operation>().Where(operation => args.Length == 0 || args.Contains(operation.ToString(), StringComparer.OrdinalIgnoreCase)))
{
    var report = new Report(operation);
    var isCompiled = false;
    foreach (var kind in (ServerKind[])[ServerKind.Redis, ServerKind.Garnet, ServerKind.GarnetAtSocket])
    {
        foreach (var size in (int[])(operation is Operation.Remove or Operation.RemoveByTag ? [0] : [100, 1_000, 100_000]))
        {
            var value = new string('x', size);
            // 64 batches of 100 KB each would be 640 MB on their way.
            int[] counts = operation == Operation.Batch && size == 100_000 ? [1] : [1, 64];
            await using var fleet = await Fleet.StartAsync(kind, operation, value, counts[^1]);
            if (!isCompiled)
            {
                await WarmUpAsync(fleet, operation, counts[^1], value, CompilingRounds);
                isCompiled = true;
            }

            foreach (var callers in counts)
            {
                await WarmUpAsync(fleet, operation, callers, value, 2);
                report.Add(kind, size, callers, await MeasureAsync(fleet, operation, callers, value));
            }
        }
    }
}

static async Task WarmUpAsync(Fleet fleet, Operation operation, int callers, string value, int rounds)
{
    for (var round = 0; round < rounds; round++)
    {
        foreach (var contender in fleet.Contenders)
        {
            await Load.RunAsync(contender, operation, callers, value);
        }
    }
}

static async Task<ILookup<string, Rate>> MeasureAsync(Fleet fleet, Operation operation, int callers, string value)
{
    var rates = new List<(string Name, Rate Rate)>();
    for (var round = 0; round < Rounds; round++)
    {
        foreach (var contender in fleet.Contenders)
        {
            rates.Add((contender.Name, await Load.RunAsync(contender, operation, callers, value)));
        }
    }

    return rates.ToLookup(static one => one.Name, static one => one.Rate);
}
