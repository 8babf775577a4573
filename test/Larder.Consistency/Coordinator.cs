using System.Diagnostics;

namespace Larder.Consistency;

/// <summary>One run: starts the server and the nodes, injects the faults, and reports.</summary>
internal sealed class Coordinator(RunOptions options)
{
    // Longer than MaxStaleness, which all nodes leave at its default of 5 s.
    private static readonly TimeSpan LongTime = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan ShortTime = TimeSpan.FromSeconds(2);

    private readonly Random _random = new(options.Seed);

    /// <returns>What was counted.</returns>
    public async Task<Report> RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("larder-consistency-");
        try
        {
            var statePath = Path.Combine(directory.FullName, "state");
            using var shared = new SharedState(statePath);
            await using var server = await Server.StartAsync(options.Faults != Faults.None);
            using var nodes = new Nodes(shared, statePath, options, server.Configuration);
            await nodes.StartAsync();
            await nodes.BeginAsync(Phase.Running);
            var injected = await InjectAsync(server, nodes);
            await nodes.BeginAsync(Phase.Settling);
            await Task.Delay(LongTime);
            await nodes.BeginAsync(Phase.Checking);
            await nodes.BeginAsync(Phase.Ending);
            return new Report(options, shared, injected);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task<int> InjectAsync(Server server, Nodes nodes)
    {
        var injected = 0;
        var start = Stopwatch.GetTimestamp();
        var queue = new Queue<Faults>();
        Faults[] chosen = [.. Enum.GetValues<Faults>().Where(fault => fault != Faults.All && fault != Faults.None && options.Faults.HasFlag(fault))];
        while (Stopwatch.GetElapsedTime(start) < options.Duration)
        {
            if (chosen.Length == 0)
            {
                await Task.Delay(100);
                continue;
            }

            await Task.Delay(ShortTime);
            if (queue.Count == 0)
            {
                _random.Shuffle(chosen);
                queue = new Queue<Faults>(chosen);
            }

            var fault = queue.Dequeue();
            var node = _random.Next(options.Nodes);
            Console.WriteLine($"  {Stopwatch.GetElapsedTime(start).TotalSeconds,6:0.0} s  {fault}");
            await InjectAsync(fault, node, server, nodes);
            injected++;
        }

        return injected;
    }

    private async Task InjectAsync(Faults fault, int node, Server server, Nodes nodes)
    {
        switch (fault)
        {
            case Faults.KillSubscriptions:
                await server.KillSubscriptionsAsync();
                break;
            case Faults.Cut:
                server.Cut();
                break;
            case Faults.Stall:
                await server.StallAsync(_random.Next(2) == 0 ? ShortTime : LongTime);
                break;
            case Faults.Freeze:
                await nodes.FreezeAsync(node, LongTime);
                break;
            case Faults.KillNode:
                nodes.Kill(node);
                break;
            case Faults.Flush:
                await server.FlushAsync();
                break;
            case Faults.OldSnapshot:
                await server.RestartWithOldSnapshotAsync();
                break;
            case Faults.Failover:
                await server.FailOverAsync();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault));
        }
    }
}
