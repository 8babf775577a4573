using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Larder.Testing;

namespace Users.Web.Tests.Apps;

/// <summary>A sample app in a process of its own, on a free loopback port.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private AppProcess(string sample, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            // Not its own directory: the app has to find its files from anywhere.
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(AssemblyOf(sample));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What this test run was started with is not what the app is to be.
        foreach (var name in (string[])["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "URLS"])
        {
            start.Environment.Remove(name);
        }

        _process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where the app listens.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>All that the app has written so far.</summary>
    public string Output => string.Join(Environment.NewLine, _output);

    /// <summary>Starts an app and returns when it listens.</summary>
    /// <param name="sample">The project's name.</param>
    /// <param name="settings">Its configuration, each as <c>Section:Name=value</c>.</param>
    public static async Task<AppProcess> StartAsync(string sample, params string[] settings)
    {
        var app = new AppProcess(sample, ["--urls", "http://127.0.0.1:0", .. settings.Select(setting => $"--{setting}")]);
        try
        {
            await app._address.Task.WaitAsync(StartLimit);
            return app;
        }
        catch (Exception failure)
        {
            await app.DisposeAsync();
            throw new InvalidOperationException($"{sample} did not start. It wrote:{Environment.NewLine}{app.Output}", failure);
        }
    }

    /// <summary>Runs an app that is expected to end by itself.</summary>
    /// <param name="sample">The project's name.</param>
    /// <param name="settings">Its configuration, each as <c>Section:Name=value</c>.</param>
    /// <returns>The exit code, and all that it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string sample, params string[] settings)
    {
        await using var app = new AppProcess(sample, ["--urls", "http://127.0.0.1:0", .. settings.Select(setting => $"--{setting}")]);
        await app._process.WaitForExitAsync().WaitAsync(StartLimit);
        app._process.WaitForExit(); // until all of the output has arrived, too
        return (app._process.ExitCode, app.Output);
    }

    /// <summary>Freezes the app.</summary>
    public void Suspend() => _process.Suspend();

    /// <summary>Lets it run on.</summary>
    public void Resume() => _process.Resume();

    /// <summary>Ends the app at once.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        await KillAsync();
        _process.Dispose();
    }

    private static string AssemblyOf(string sample)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Larder.slnx")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The tests don't run inside the repository.");
        }

        var configuration = typeof(AppProcess).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        return Path.Combine(root.FullName, "samples", sample, "bin", configuration, "net10.0", $"{sample}.dll");
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            _address.TrySetException(new InvalidOperationException("The app has ended."));
            return;
        }

        _output.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var start)
        {
            _address.TrySetResult(new Uri(line[(start + Listening.Length)..].Trim()));
        }
    }

    // A test host that is told to exit must not leave its apps behind.
    private void OnProcessExit(object? sender, EventArgs e) => _process.Kill(entireProcessTree: true);
}
