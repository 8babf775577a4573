namespace Scale.Nodes;

/// <summary>The tables of what grows with the nodes.</summary>
internal static class NodesTable
{
    private const int Rounds = 7;
    private const int Counted = 200;
    private const int Watched = 50;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public static async Task PrintAsync()
    {
        // Compiles everything as well as it will be.
        await using (var cluster = await Cluster.StartAsync(2))
        {
            await MeasureAsync(cluster, 2, rest: default);
        }

        var idle = new List<string>();
        Console.WriteLine("| nodes | invalidation | scripts | commands, with those of the script | messages published | delivered | bytes to each node | until it returns, µs | until the last node has no copy, µs |");
        Console.WriteLine("|------:|--------------|--------:|-----------------------------------:|-------------------:|----------:|-------------------:|---------------------:|------------------------------------:|");
        foreach (var nodes in (int[])[1, 2, 4, 8, 16])
        {
            await using var cluster = await Cluster.StartAsync(nodes);
            var rest = await RestAsync(cluster);
            idle.Add($"| {nodes} | {rest.Scripts / nodes:0.0} | {rest.Commands / nodes:0.0} | {rest.Publications / nodes:0.0} | {rest.Bytes / nodes:0} |");
            foreach (var row in await MeasureAsync(cluster, nodes, rest))
            {
                Console.WriteLine(row);
            }
        }

        Console.WriteLine();
        Console.WriteLine("| nodes, idle | scripts a second and node | commands, with those of the scripts | messages published | bytes to each node |");
        Console.WriteLine("|------------:|--------------------------:|------------------------------------:|-------------------:|-------------------:|");
        idle.ForEach(Console.WriteLine);
        Console.WriteLine();
    }

    // Of a second.
    private static async Task<Traffic> RestAsync(Cluster cluster)
    {
        var (traffic, seconds) = await cluster.Meter.MeasureAsync(static () => Task.Delay(Idle));
        return traffic * (1 / seconds);
    }

    private static async Task<string[]> MeasureAsync(Cluster cluster, int nodes, Traffic rest)
    {
        var ways = Array.ConvertAll(Invalidation.All, static way => (Way: way, Figures: new Figures()));
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var (way, figures) in ways)
            {
                var into = round < 0 ? new Figures() : figures;
                var (traffic, seconds) = await cluster.InvalidateAsync(way, Counted, into.Returned);
                into.Add((traffic - (rest * seconds)) * (1.0 / Counted));
                if (nodes > 1)
                {
                    await cluster.SpreadAsync(way, Watched, into.Spread);
                }
            }
        }

        var listeners = await cluster.Meter.ListenersAsync("larder:feed");
        return Array.ConvertAll(ways, one =>
        {
            var figures = one.Figures;
            var spread = nodes == 1 ? "–" : $"{figures.Spread.Median / 1000:0}";
            return $"| {nodes} | {one.Way.Name} | {figures.Scripts.Median:0} | {figures.Commands.Median:0} | {figures.Publications.Median:0} "
                + $"| {figures.Publications.Median * listeners:0} | {figures.Bytes.Median / nodes:0} | {figures.Returned.Median / 1000:0} | {spread} |";
        });
    }

    private sealed class Figures
    {
        public Sample Scripts { get; } = new();

        public Sample Commands { get; } = new();

        public Sample Publications { get; } = new();

        public Sample Bytes { get; } = new();

        public Sample Returned { get; } = new();

        public Sample Spread { get; } = new();

        public void Add(Traffic each)
        {
            Scripts.Add(each.Scripts);
            Commands.Add(each.Commands);
            Publications.Add(each.Publications);
            Bytes.Add(each.Bytes);
        }
    }
}
