using System.Diagnostics.CodeAnalysis;
using Larder;
using Larder.Plugins;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds plugins to a cache.</summary>
public static class LarderPluginExtensions
{
    /// <summary>
    /// Adds a plugin to the cache. Those that <see cref="ILarderFactory"/> makes like the default cache have what was added to
    /// that one, each an instance of its own.
    /// </summary>
    /// <typeparam name="T">The plugin; its constructor gets the app's services.</typeparam>
    /// <param name="builder">The cache's builder.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder AddPlugin<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this ILarderBuilder builder)
        where T : class, ILarderPlugin =>
        Add(builder, typeof(T).Name, static services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>As the other overload, for a plugin that is made by the app.</summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="create">Makes the plugin; called once for each cache, which disposes it at its end if it can be.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder AddPlugin(this ILarderBuilder builder, Func<IServiceProvider, ILarderPlugin> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add(builder, "of a function", create);
    }

    private static ILarderBuilder Add(ILarderBuilder builder, string name, Func<IServiceProvider, ILarderPlugin> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton(builder.Name, new PluginFactory(name, create));
        return builder;
    }
}
