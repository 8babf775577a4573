using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Larder.Testing;

/// <summary>The signals that .NET has no method for.</summary>
public static class ProcessSignals
{
    /// <summary>Asks a process to end (SIGTERM).</summary>
    public static void Terminate(this Process process) => Send(process, 15);

    /// <summary>Asks a process to end as Ctrl+C does (SIGINT).</summary>
    public static void Interrupt(this Process process) => Send(process, 2);

    /// <summary>Freezes a process (SIGSTOP): its connections stay open, and it does nothing.</summary>
    public static void Suspend(this Process process) => Send(process, OperatingSystem.IsMacOS() ? 17 : 19);

    /// <summary>Lets a process run on after <see cref="Suspend"/>.</summary>
    public static void Resume(this Process process) => Send(process, OperatingSystem.IsMacOS() ? 19 : 18);

    private static void Send(Process process, int signal)
    {
        if (SendSignal(process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Could not send signal {signal} to process {process.Id}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
