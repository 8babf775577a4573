using System.Diagnostics;
using System.Net;
using Larder.Garnet.Hosting;
using StackExchange.Redis;

namespace Larder.Testing;

/// <summary>Real Sentinel processes that watch a <c>redis-server</c> with one replica, and promote the replica when it is gone.</summary>
public sealed class RedisSentinels : IAsyncDisposable
{
    private const string Service = "larder";

    private readonly List<Process> _processes = [];
    private readonly List<int> _ports = [];
    private readonly string _directory = Directory.CreateTempSubdirectory("larder-sentinel-").FullName;

    private RedisSentinels() => AppDomain.CurrentDomain.ProcessExit += OnProcessExit;

    /// <summary>How a client finds the primary through them.</summary>
    public string Configuration => $"{string.Join(',', _ports.Select(port => $"127.0.0.1:{port}"))},serviceName={Service}";

    /// <summary>Starts three of them, and returns when they know each other and the replica.</summary>
    public static async Task<RedisSentinels> StartAsync(RedisServer primary)
    {
        var sentinels = new RedisSentinels();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                await sentinels.LaunchAsync(primary);
            }

            await Eventually.TrueAsync(sentinels.AreReadyAsync, TimeSpan.FromSeconds(30), "the sentinels know each other and the replica");
            return sentinels;
        }
        catch
        {
            await sentinels.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Kill();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task LaunchAsync(RedisServer primary)
    {
        var port = FreePort.Next();
        var file = Path.Combine(_directory, $"{port}.conf");
        await File.WriteAllLinesAsync(file,
        [
            $"port {port}",
            "bind 127.0.0.1",
            $"dir {_directory}",
            $"logfile {_directory}/{port}.log",
            $"sentinel monitor {Service} 127.0.0.1 {primary.Port} 2",
            $"sentinel down-after-milliseconds {Service} 1000",
            $"sentinel failover-timeout {Service} 3000",
        ]);
        _processes.Add(Process.Start(new ProcessStartInfo(Requires.RedisServer(), [file, "--sentinel"]))!);
        _ports.Add(port);
        await Eventually.TrueAsync(
            async () => (await ServerProbe.AskAsync(new IPEndPoint(IPAddress.Loopback, port), null, CancellationToken.None)).State == AddressState.Serves,
            TimeSpan.FromSeconds(20),
            $"a sentinel answers at {port}");
    }

    private async Task<bool> AreReadyAsync()
    {
        foreach (var port in _ports)
        {
            var options = ConfigurationOptions.Parse($"127.0.0.1:{port}");
            options.CommandMap = CommandMap.Sentinel;
            options.TieBreaker = "";
            await using var connection = await ConnectionMultiplexer.SentinelConnectAsync(options);
            var known = (await connection.GetServers()[0].SentinelMasterAsync(Service)).ToDictionary();
            if (known["num-slaves"] != "1" || known["num-other-sentinels"] != "2")
            {
                return false;
            }
        }

        return true;
    }

    private void Kill()
    {
        foreach (var process in _processes)
        {
            using (process)
            {
                process.Kill();
                process.WaitForExit();
            }
        }

        _processes.Clear();
    }

    private void OnProcessExit(object? sender, EventArgs e) => Kill();
}
