using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larder.Redis.Tests;

/// <summary>One app server without its web part: a started host with a cache.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly IHost _host;

    private Node(IHost host) => _host = host;

    public LarderCache Cache => Services.GetRequiredService<LarderCache>();

    public IBufferDistributedCache Distributed => (IBufferDistributedCache)Services.GetRequiredService<IDistributedCache>();

    public IServiceProvider Services => _host.Services;

    public static Task<Node> StartAsync(string configuration) => StartAsync(builder => builder.Services.AddLarder().UseRedis(configuration));

    /// <summary>Starts one for tests that are not about time-outs: the machine that runs them may stall.</summary>
    public static Task<Node> StartPatientAsync(string configuration, Action<LarderOptions>? configure = null) => StartAsync(builder => builder.Services
        .AddLarder(options =>
        {
            options.StoreTimeout = TimeSpan.FromSeconds(20);
            configure?.Invoke(options);
        })
        .UseRedis(configuration));

    public static async Task<Node> StartAsync(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder);
        var node = new Node(builder.Build());
        try
        {
            await node._host.StartAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
