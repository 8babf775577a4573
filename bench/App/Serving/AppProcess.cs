using System.Diagnostics;
using System.Globalization;

namespace App.Serving;

/// <summary>This program once more, as a server: each variant has a heap and compiled code of its own.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private AppProcess(Process process) => _process = process;

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it, and returns when it listens.</summary>
    public static async Task<AppProcess> StartAsync(ServeArguments arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(AppProcess).Assembly.Location, .. arguments.ToArgs()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

        // What this run was started with is not what the app is to be.
        foreach (var name in (string[])["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "URLS"])
        {
            start.Environment.Remove(name);
        }

        var app = new AppProcess(Process.Start(start)!);
        try
        {
            return await app.ReadLineAsync() == VariantApp.Ready
                ? app
                : throw new InvalidOperationException($"The app of variant {arguments.Variant} did not start.");
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>The bytes that it has allocated.</summary>
    public async Task<long> AllocatedAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        return long.Parse(await ReadLineAsync() ?? throw new InvalidOperationException("The app has ended."), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            _process.StandardInput.Close();
            try
            {
                await _process.WaitForExitAsync().WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                _process.Kill();
            }
        }
    }

    private async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
}
