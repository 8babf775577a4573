using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Users.Cluster.Processes;

/// <summary>A process that was started, until it has ended.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const string Hooks = "DOTNET_STARTUP_HOOKS";
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly int _port;
    private readonly TimeProvider _time;

    private ChildProcess(Process process, int port, TimeProvider time)
    {
        (_process, _port, _time) = (process, port, time);
        Ended = process.WaitForExitAsync();
    }

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>Completes when it has ended.</summary>
    public Task Ended { get; }

    /// <summary>Whether <see cref="Kill"/> was called.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>Starts it.</summary>
    /// <param name="plan">What to start.</param>
    /// <param name="output">Gets what it writes.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no <c>dotnet</c> to run it.</exception>
    public static ChildProcess Start(ProcessPlan plan, ProcessOutput output, TimeProvider time)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, [plan.Assembly, .. plan.Arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(plan.Assembly),
            RedirectStandardInput = true, // what the hook waits for
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Hooks] = Environment.GetEnvironmentVariable(Hooks) is { Length: > 0 } others
            ? $"{others}{Path.PathSeparator}{SampleApps.Self}"
            : SampleApps.Self;
        foreach (var (name, value) in plan.Variables)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildProcess(process, plan.Address.Port, time);
    }

    /// <summary>Waits until it accepts connections.</summary>
    /// <returns><see langword="false"/> if it ended before it did.</returns>
    public async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        while (!Ended.IsCompleted)
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(ProbeInterval, _time, cancellationToken);
            }
        }

        return false;
    }

    /// <summary>Ends it at once, with no chance to say goodbye (SIGKILL).</summary>
    public void Kill()
    {
        WasKilled = true;
        _process.Kill();
    }

    /// <summary>Lets it end, and kills it if it doesn't.</summary>
    public async Task EndAsync(TimeSpan patience)
    {
        _process.StandardInput.Close();
        await Ended.WaitAsync(patience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Ended.IsCompleted)
        {
            Kill();
            await Ended;
        }
    }

    public void Dispose() => _process.Dispose();
}
