using System.Diagnostics;
using Larder.Testing;
using Xunit;

namespace Larder.Garnet.Tests;

/// <summary>An app in a process of its own, with an embedded server.</summary>
internal sealed class TestApp : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private TestApp(string[] settings)
    {
        var app = Path.Combine(AppContext.BaseDirectory, "Larder.Garnet.App.dll");
        _process = Process.Start(new ProcessStartInfo(DotNet(), ["exec", app, .. settings])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
        Started = UntilStartedAsync();
    }

    /// <summary>Completes when the app has started; fails with its output if it ended instead.</summary>
    public Task Started { get; }

    public static TestApp Start(int port, params string[] settings) => new([$"--Larder:Garnet:Port={port}", .. settings]);

    public static TestApp Start(string socket, params string[] settings) => new([$"--Larder:Garnet:UnixSocket={socket}", .. settings]);

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, _process.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static string DotNet() => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
        ? path
        : Requires.Executable("dotnet", "https://dot.net");

    private async Task UntilStartedAsync()
    {
        var output = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            if (line == "started")
            {
                _ = _process.StandardOutput.ReadToEndAsync();
                return;
            }

            output.Add(line);
        }

        Assert.Fail($"The app ended: {string.Join(Environment.NewLine, output)}{await _errors}");
    }
}
