using System.Security.Cryptography;
using Larder.Backplane;
using Larder.Diagnostics;
using Larder.Factories;
using Larder.Options;
using Larder.Payloads;
using Larder.Payloads.Packing;
using Larder.Plugins;
using Larder.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Larder.Hosting;

/// <summary>Makes a cache of what is registered for it.</summary>
internal static class CacheFactory
{
    /// <summary>The cache that was registered under a name.</summary>
    public static LarderCache Create(IServiceProvider services, string name) =>
        Create(services, name, services.GetRequiredService<IOptionsMonitor<LarderOptions>>().Get(name), name);

    /// <summary>A cache.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">Its options.</param>
    /// <param name="registeredAs">The name of the cache whose store, serializers, packing and plugins it has.</param>
    public static LarderCache Create(IServiceProvider services, string name, LarderOptions options, string registeredAs)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var log = loggers.CreateLogger<LarderCache>();
        var nodeId = $"{options.NodeName}.{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 8)}";
        var keyPrefix = options.KeyPrefix ?? (name.Length == 0 ? string.Empty : name + ":");
        var context = new StoreContext
        {
            CacheName = name,
            KeyPrefix = keyPrefix,
            NodeId = nodeId,
            TimeProvider = time,
            LoggerFactory = loggers,
        };
        var store = StoreFactory.Make(services, registeredAs, context);
        var link = BackplaneFactory.Make(services, registeredAs, store, context, options.MaxStaleness);
        if (link is not null)
        {
            store = new BackplaneStore(store!, link);
        }

        LogStart(log, name, store, nodeId);
        foreach (var finding in OptionsAnalysis.Find(options, store?.Capabilities))
        {
            Log.DoubtfulSetting(log, SectionName.Of(name), finding);
        }

        var node = new CacheNode(
            options, nodeId, store, new PayloadSerializers(services, registeredAs), new Telemetry(name, time), time, log)
        {
            Packing = PayloadPacking.Create(services, registeredAs, keyPrefix, options.MaximumPayloadBytes),
            Scopes = new ServiceScopes(services.GetService<IServiceScopeFactory>()),
        };
        link?.Start(node.Feed!);
        var cache = new LarderCache(name, node);
        cache.Plugins = PluginRunner.Start(cache, services, registeredAs);
        return cache;
    }

    private static void LogStart(ILogger log, string name, ILarderStore? store, string nodeId)
    {
        Log.Started(log, name.Length == 0 ? "The cache" : $"The cache '{name}'", store?.Description ?? "memory only", nodeId);
        if (store is not null && (StoreCapabilities.All & ~store.Capabilities) is var missing and not StoreCapabilities.None)
        {
            Log.WeakStore(log, store.Description, missing.ToString());
        }
    }
}
