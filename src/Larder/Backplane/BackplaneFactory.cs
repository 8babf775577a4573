using Larder.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Backplane;

/// <summary>Makes the backplane of one cache.</summary>
/// <param name="Name">What it is called in the log.</param>
/// <param name="Create">Makes it of the app's services.</param>
internal sealed record BackplaneFactory(string Name, Func<IServiceProvider, ILarderBackplane> Create)
{
    /// <summary>The way to the other nodes that was registered for a cache; <see langword="null"/> if none was.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="registeredAs">The name of the cache whose backplane it has.</param>
    /// <param name="store">The cache's store.</param>
    /// <param name="context">What the store was told.</param>
    /// <param name="maxStaleness">For how long a message is of use.</param>
    /// <exception cref="InvalidOperationException">The cache needs none.</exception>
    public static BackplaneLink? Make(
        IServiceProvider services, string registeredAs, ILarderStore? store, StoreContext context, TimeSpan maxStaleness)
    {
        if (services.GetKeyedService<BackplaneFactory>(registeredAs) is not { } factory)
        {
            return null;
        }

        var cache = context.CacheName.Length == 0 ? "the cache" : $"the cache '{context.CacheName}'";
        if (store is null)
        {
            throw new InvalidOperationException(
                $"UseBackplane was called for {cache}, which has no store and shares nothing with other nodes: leave it out, or call " +
                "UseDistributedCache or another Use method for the cache's store.");
        }

        if (store.Capabilities.HasFlag(StoreCapabilities.Feed))
        {
            throw new InvalidOperationException(
                $"UseBackplane was called for {cache}, whose store ({store.Description}) tells all nodes of every change itself: leave it out. " +
                "It is for stores without a feed, as UseDistributedCache has them.");
        }

        return new BackplaneLink(
            factory.Name, factory.Create(services), context, maxStaleness, context.LoggerFactory.CreateLogger<LarderCache>());
    }
}
