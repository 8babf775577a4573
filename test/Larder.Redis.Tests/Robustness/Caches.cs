using System.Security.Cryptography;
using Larder.Stores;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Redis.Tests.Robustness;

/// <summary>One app server with a cache of each kind, none of which keeps anything in L1.</summary>
internal sealed class Caches : IAsyncDisposable
{
    private static readonly string EncryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private readonly Node _node;

    private Caches(Node node) => _node = node;

    public LarderCache this[PackingKind kind] => _node.Services.GetRequiredKeyedService<LarderCache>(kind.ToString());

    /// <summary>Starts it.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="wrap">Changes something about the stores.</param>
    public static async Task<Caches> StartAsync(string server, Func<ILarderStore, StoreContext, ILarderStore>? wrap = null) =>
        new(await Node.StartAsync(builder =>
        {
            var redis = new LarderRedisOptions { Configuration = server };
            foreach (var kind in Enum.GetValues<PackingKind>())
            {
                var cache = builder.Services.AddLarder(kind.ToString(), Configure).UseStore((services, context) =>
                {
                    var store = RedisStore.Create(context, redis, services);
                    return wrap is null ? store : wrap(store, context);
                });
                _ = kind switch
                {
                    PackingKind.Compressed => cache.UseCompression(static options => options.MinimumBytes = 40),
                    PackingKind.Encrypted => cache.UseEncryption(static options => options.Keys["a"] = EncryptionKey),
                    _ => cache,
                };
            }
        }));

    /// <summary>Waits until each cache listens, and has heard of all that another has invalidated.</summary>
    public Task CatchUpAsync(Caches other) => Eventually.TrueAsync(
        () => Enum.GetValues<PackingKind>().All(kind =>
        {
            var node = this[kind].Node;
            return node.Trust.IsTrusted(node.Clock.Now) && node.Tags.Now == other[kind].Node.Tags.Now;
        }),
        message: "the reader has caught up");

    /// <summary>The <see cref="IDistributedCache"/> over the store of a cache.</summary>
    public IDistributedCache Distributed(PackingKind kind)
    {
        var cache = this[kind];
        return new Larder.Distributed.StoreDistributedCache(
            cache.Node.Line!.Store, TimeProvider.System, () => cache.Node.Tags.Now, static _ => { });
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static void Configure(LarderOptions options)
    {
        // Each read is of L2; and what waits for ever is found out, not ended by a time-out.
        options.DefaultEntryOptions.Flags = HybridCacheEntryFlags.DisableLocalCache;
        options.StoreTimeout = TimeSpan.FromSeconds(20);
        options.MaxStaleness = TimeSpan.FromMinutes(1);
        options.Lease.TimeToLive = TimeSpan.FromSeconds(20);
        options.Lease.MaximumDuration = TimeSpan.FromHours(1);
    }
}
