using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larder.Aot;

/// <summary>One app server: a host with a cache from the configuration, and one more that packs its payloads.</summary>
internal sealed class Server : IAsyncDisposable
{
    public const string Packed = "packed";

    private static readonly string EncryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private readonly IHost _host;

    private Server(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public LarderCache Cache => Services.GetRequiredService<LarderCache>();

    public LarderCache PackedCache => Services.GetRequiredKeyedService<LarderCache>(Packed);

    public IDistributedCache Distributed => Services.GetRequiredService<IDistributedCache>();

    public static async Task<Server> StartAsync(string redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Larder:KeyPrefix"] = "aot:",
            ["Larder:Redis:Configuration"] = redis,
            ["Larder:DefaultEntryOptions:Expiration"] = "00:05:00",
            ["Larder:DefaultEntryOptions:FailSafe:MaximumDuration"] = "01:00:00",
            [$"Larder:{Packed}:Redis:Configuration"] = redis,
            [$"Larder:{Packed}:Compression:MinimumBytes"] = "100",
            [$"Larder:{Packed}:Encryption:Keys:a"] = EncryptionKey,
        });
        builder.Services.AddKeyedSingleton<JsonSerializerOptions>(
            typeof(IHybridCacheSerializer<>), new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = UserJson.Default });
        builder.Services.AddLarder().UseRedis();
        builder.Services.AddLarder(Packed).UseRedis().UseCompression().UseEncryption();
        builder.Services.AddHealthChecks().AddLarderHealthCheck();
        var host = builder.Build();
        await host.StartAsync();
        return new Server(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
