using System.Diagnostics;
using System.Globalization;
using Larder.Testing;

namespace Larder.Consistency;

/// <summary>The node processes.</summary>
internal sealed class Nodes(SharedState shared, string statePath, RunOptions options, string server) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Process[] _processes = new Process[options.Nodes];

    public async Task StartAsync()
    {
        for (var node = 0; node < options.Nodes; node++)
        {
            _processes[node] = Start(node);
        }

        await AllAreReadyAsync();
    }

    /// <summary>Goes on to a phase, and returns when all nodes have done what the one before asked for.</summary>
    public async Task BeginAsync(Phase phase)
    {
        for (var node = 0; node < options.Nodes; node++)
        {
            shared.Set(node, Counter.Ready, 0);
        }

        shared.Phase = phase;
        if (phase is not (Phase.Running or Phase.Ending))
        {
            await AllAreReadyAsync();
        }
    }

    /// <summary>Freezes a node for a while.</summary>
    public async Task FreezeAsync(int node, TimeSpan time)
    {
        _processes[node].Suspend();
        await Task.Delay(time);
        _processes[node].Resume();
    }

    /// <summary>Kills a node and starts it again.</summary>
    public void Kill(int node)
    {
        using (var process = _processes[node])
        {
            process.Kill();
            process.WaitForExit();
        }

        shared.Abandon(node);
        _processes[node] = Start(node);
    }

    public void Dispose()
    {
        foreach (var process in _processes.Where(process => process is not null))
        {
            if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
            {
                process.Kill();
            }

            process.Dispose();
        }
    }

    // A node ends with its standard input, so that none outlives this process.
    private Process Start(int node)
    {
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Nodes).Assembly.Location);
        }

        foreach (var argument in (string[])["node", statePath, Text(node), options.Cache.ToString(), server, Text(options.WritePause)])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task AllAreReadyAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while (Enumerable.Range(0, options.Nodes).Any(node => shared.Read(node, Counter.Ready) == 0))
        {
            if (Stopwatch.GetElapsedTime(start) > Limit || _processes.Any(process => process.HasExited))
            {
                throw new InvalidOperationException($"Not all nodes were ready for the end of phase {shared.Phase} within {Limit}, or one has ended.");
            }

            await Task.Delay(10);
        }
    }
}
