using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Users.Cluster.Tests.Clusters;

/// <summary>A <c>Users.Cluster</c> process, as its command line starts it.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("larder-cluster-tests-");

    private ClusterProcess(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Assembly(), .. arguments])
        {
            WorkingDirectory = Path.GetTempPath(), // not its own: it has to find its files from anywhere
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What this test run was started with is not what the cluster is to be.
        foreach (var name in (string[])["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "URLS"])
        {
            start.Environment.Remove(name);
        }

        start.Environment["TMPDIR"] = _temporary.FullName; // one that is killed leaves its keys there
        start.Environment["Users__Delay"] = "00:00:00"; // the origin's, which inherits it
        Process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        Process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        Process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    public Process Process { get; }

    /// <summary>The lines of its standard output so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>The lines of its standard error so far.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Starts it.</summary>
    public static ClusterProcess Start(params IEnumerable<string> arguments) => new(arguments);

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await Process.WaitForExitAsync().WaitAsync(EndLimit);
        return Process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Process.Kill(entireProcessTree: true);
        await Process.WaitForExitAsync();
        Process.Dispose();
        _temporary.Delete(recursive: true);
    }

    private static string Assembly()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Larder.slnx")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The tests don't run inside the repository.");
        }

        var configuration = typeof(ClusterProcess).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        return Path.Combine(root.FullName, "samples", "Users.Cluster", "bin", configuration, "net10.0", "Users.Cluster.dll");
    }

    private static void Add(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    // A test host that is told to exit must not leave its cluster behind; what that has started ends with it.
    private void OnProcessExit(object? sender, EventArgs e) => Process.Kill();
}
