using System.Diagnostics.CodeAnalysis;
using Larder;
using Larder.Attributes.Plans;
using Larder.Attributes.Proxies;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Caches by attributes on an interface's methods.</summary>
public static class LarderCachingExtensions
{
    /// <summary>
    /// Registers an interface, whose methods with <see cref="CachedAttribute"/> are answered from the cache, and those with
    /// <see cref="EvictsAttribute"/> remove from it; everything else goes to the implementation, which is registered too, with
    /// the same lifetime, unless it was. Calls within the implementation do not come by here.
    /// </summary>
    /// <remarks>
    /// What is cached is made by an instance of a scope of its own, unless there is a single one for all: other callers may wait
    /// for it when the one whose call began it has gone, and its scope has ended. Not for ahead-of-time compilation.
    /// </remarks>
    /// <typeparam name="TInterface">The interface.</typeparam>
    /// <typeparam name="TImplementation">The implementation.</typeparam>
    /// <param name="services">The app's services.</param>
    /// <param name="lifetime">The lifetime of both.</param>
    /// <param name="cacheName">The cache's name; empty for the default cache.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">An attribute can't be followed; the message says which, and why.</exception>
    [RequiresDynamicCode("The interface is implemented at run time, by System.Reflection.DispatchProxy.")]
    [RequiresUnreferencedCode("Methods, and properties that a key names, are found by reflection.")]
    public static IServiceCollection AddLarderCaching<TInterface, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TImplementation>(
        this IServiceCollection services, ServiceLifetime lifetime, string cacheName = "")
        where TInterface : class
        where TImplementation : class, TInterface
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(cacheName);
        var plans = Planner.Plan(typeof(TInterface), typeof(TImplementation));
        var hasScopes = lifetime != ServiceLifetime.Singleton;
        services.TryAdd(ServiceDescriptor.Describe(typeof(TImplementation), typeof(TImplementation), lifetime));
        services.Add(ServiceDescriptor.Describe(
            typeof(TInterface),
            provider => CachingProxy.Create<TInterface>(plans, new ProxyTarget(
                provider.GetKeyedService<LarderCache>(cacheName) ?? throw new InvalidOperationException(
                    $"{typeof(TInterface)} is cached in the cache '{cacheName}', which is not registered: call AddLarder."),
                provider.GetRequiredService<TImplementation>(),
                hasScopes ? provider.GetRequiredService<IServiceScopeFactory>() : null,
                typeof(TImplementation))),
            lifetime));
        return services;
    }
}
