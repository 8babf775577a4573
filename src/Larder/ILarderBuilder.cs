using Microsoft.Extensions.DependencyInjection;

namespace Larder;

/// <summary>Configures a cache after <c>AddLarder</c>: give it a store, serializers, options.</summary>
public interface ILarderBuilder
{
    /// <summary>The cache's name, which is also its key in the service collection; empty for the default cache.</summary>
    string Name { get; }

    /// <summary>The app's services.</summary>
    IServiceCollection Services { get; }
}
