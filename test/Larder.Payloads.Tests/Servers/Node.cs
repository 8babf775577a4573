using Larder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Payloads.Tests.Servers;

/// <summary>One app server without its web part, and what it logged.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly IHost _host;

    private Node(IHost host, RecordedLog log) => (_host, Log) = (host, log);

    public LarderCache Cache => _host.Services.GetRequiredService<LarderCache>();

    public RecordedLog Log { get; }

    public static async Task<Node> StartAsync(ITestServer server, Action<ILarderBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var log = new RecordedLog();
        builder.Logging.AddProvider(log);
        configure(builder.Services.AddLarder(BePatient).UseRedis(server.Configuration));
        var node = new Node(builder.Build(), log);
        await node._host.StartAsync();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        Log.Dispose();
    }

    // The machine that runs the tests may stall, and no test here is about time-outs. Those that are beside the store's grow
    // with it, or the start-up analysis would warn.
    private static void BePatient(LarderOptions options)
    {
        options.StoreTimeout = TimeSpan.FromSeconds(20);
        options.MaxStaleness = TimeSpan.FromMinutes(1);
        options.Lease.TimeToLive = TimeSpan.FromSeconds(20);
        options.Lease.MaximumDuration = TimeSpan.FromMinutes(1);
    }
}
