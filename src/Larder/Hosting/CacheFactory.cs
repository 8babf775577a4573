using Larder.Diagnostics;
using System.Security.Cryptography;
using Larder.Payloads;
using Larder.Payloads.Packing;
using Larder.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Larder.Hosting;

/// <summary>Makes a cache of what is registered for it.</summary>
internal static class CacheFactory
{
    public static LarderCache Create(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<LarderOptions>>().Get(name);
        var time = services.GetRequiredService<TimeProvider>();
        var loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var log = loggers.CreateLogger<LarderCache>();
        var nodeId = $"{options.NodeName}.{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 8)}";
        var keyPrefix = options.KeyPrefix ?? (name.Length == 0 ? string.Empty : name + ":");
        var store = services.GetKeyedService<StoreFactory>(name)?.Create(services, new StoreContext
        {
            CacheName = name,
            KeyPrefix = keyPrefix,
            NodeId = nodeId,
            TimeProvider = time,
            LoggerFactory = loggers,
        });
        Log.Started(log, name.Length == 0 ? "The cache" : $"The cache '{name}'", store?.Description ?? "memory only", nodeId);
        if (store is not null && (StoreCapabilities.All & ~store.Capabilities) is var missing and not StoreCapabilities.None)
        {
            Log.WeakStore(log, store.Description, missing.ToString());
        }

        return new LarderCache(name, new CacheNode(options, nodeId, store, new PayloadSerializers(services, name), new Telemetry(name, time), time, log)
        {
            Packing = PayloadPacking.Create(services, name, keyPrefix, options.MaximumPayloadBytes),
        });
    }
}
