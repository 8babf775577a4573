using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Larder.Garnet.Hosting;

namespace Larder.Testing;

/// <summary>A real <c>redis-server</c> process, without persistence unless asked for.</summary>
public sealed class RedisServer : ITestServer
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly RedisServerOptions _options;
    private readonly string _executable;
    private readonly string _directory;
    private Process? _process;

    private RedisServer(string executable, RedisServerOptions options)
    {
        _executable = executable;
        _options = options;
        _directory = options.Directory ?? Directory.CreateTempSubdirectory("larder-redis-").FullName;
        // A test host that is told to exit must not leave its servers behind.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <inheritdoc/>
    public int Port { get; } = FreePort.Next();

    /// <inheritdoc/>
    public string Configuration => $"127.0.0.1:{Port}";

    /// <summary>Starts a server and returns when it answers; skips the test where <c>redis-server</c> is not installed.</summary>
    public static async Task<RedisServer> StartAsync(RedisServerOptions? options = null)
    {
        var server = new RedisServer(Requires.RedisServer(), options ?? new RedisServerOptions());
        try
        {
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it by SIGKILL.</summary>
    public void Kill()
    {
        if (_process is { } process)
        {
            _process = null;
            using (process)
            {
                process.Kill();
                process.WaitForExit();
            }
        }
    }

    /// <inheritdoc/>
    public Task KillAsync()
    {
        Kill();
        return Task.CompletedTask;
    }

    /// <summary>Shuts it down in order (SIGTERM); with persistence it writes what it has.</summary>
    public void Stop()
    {
        if (_process is { } process)
        {
            process.Terminate();
            if (!process.WaitForExit(StartLimit))
            {
                Kill();
                throw new InvalidOperationException($"redis-server did not stop within {StartLimit}:{Output()}");
            }

            _process = null;
            process.Dispose();
        }
    }

    /// <inheritdoc/>
    public Task StopAsync()
    {
        Stop();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RestartAsync()
    {
        Stop();
        return LaunchAsync();
    }

    /// <summary>Freezes it (SIGSTOP): connections stay open and nothing answers.</summary>
    public void Suspend() => Running().Suspend();

    /// <summary>Lets it run on after <see cref="Suspend"/>; it then works off what has arrived meanwhile.</summary>
    public void Resume() => Running().Resume();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Kill();
        if (_options.Directory is null && Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private async Task LaunchAsync()
    {
        var start = new ProcessStartInfo(_executable, Arguments()) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        _process = process;
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.TrueAsync(
            async () => process.HasExited || await AnswersAsync(), StartLimit, $"redis-server answers at {Configuration}");
        if (process.HasExited)
        {
            throw new InvalidOperationException($"redis-server ended at once:{Output()}");
        }
    }

    private async Task<bool> AnswersAsync() =>
        (await ServerProbe.AskAsync(new IPEndPoint(IPAddress.Loopback, Port), _options.Password, CancellationToken.None)).State == AddressState.Serves;

    private List<string> Arguments() =>
    [
        "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _directory,
        "--save", _options.Save,
        "--appendonly", _options.AppendOnly ? "yes" : "no", "--appendfsync", "always",
        "--requirepass", _options.Password ?? "",
        .. _options.Arguments,
    ];

    private Process Running() => _process ?? throw new InvalidOperationException("The server is stopped.");

    private string Output() => string.Concat(_output.Select(line => $"{Environment.NewLine}  {line}"));

    private void OnProcessExit(object? sender, EventArgs e) => Kill();
}
