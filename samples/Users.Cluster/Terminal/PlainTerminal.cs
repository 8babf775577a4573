using Spectre.Console;
using Users.Cluster.Processes;

namespace Users.Cluster.Terminal;

/// <summary>For output that goes to a file or a pipe: a line for each event, and the table once.</summary>
internal sealed class PlainTerminal(ClusterProcesses cluster, Journal journal)
{
    /// <summary>Writes until the cluster stops.</summary>
    public async Task ShowAsync(CancellationToken stopping)
    {
        journal.Written += Console.WriteLine;
        await cluster.Ready.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stopping.IsCancellationRequested)
        {
            AnsiConsole.Write(StatusTable.Of(cluster, withKeys: false));
            Console.WriteLine(Hints.Where(cluster.Options));
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
