using Larder.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Dashboard.Requests;

/// <summary>The caches of the app: those that are registered, and those that the factory has made.</summary>
internal sealed class CacheDirectory(IServiceProvider services)
{
    /// <summary>All caches, the default one first, then by their names.</summary>
    public IReadOnlyList<LarderCache> All() =>
    [
        .. services.GetServices<CacheRegistration>().Select(registration => registration.Name).Distinct(StringComparer.Ordinal)
            .Select(name => services.GetRequiredKeyedService<LarderCache>(name))
            .Concat(services.GetService<ILarderFactory>() is LarderFactory factory ? factory.Made : [])
            .OrderBy(static cache => cache.Name, StringComparer.Ordinal),
    ];

    /// <summary>A cache of the app: none is made for a name that a request has brought.</summary>
    public LarderCache? Find(string name) => All().FirstOrDefault(cache => cache.Name == name);
}
