using Larder.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Hosting;

/// <summary>Makes the store of one cache.</summary>
internal sealed record StoreFactory(Func<IServiceProvider, StoreContext, ILarderStore> Create)
{
    /// <summary>The store of a cache, wrapped as was asked for; <see langword="null"/> if it has none.</summary>
    public static ILarderStore? Make(IServiceProvider services, string registeredAs, StoreContext context) =>
        services.GetKeyedService<StoreFactory>(registeredAs) is { } factory
            ? services.GetKeyedServices<StoreWrapper>(registeredAs).Aggregate(
                factory.Create(services, context), (store, wrapper) => wrapper.Wrap(services, context, store))
            : null;
}

/// <summary>Puts something around the store of one cache, whether it is chosen before or afterwards.</summary>
internal sealed record StoreWrapper(Func<IServiceProvider, StoreContext, ILarderStore, ILarderStore> Wrap);
