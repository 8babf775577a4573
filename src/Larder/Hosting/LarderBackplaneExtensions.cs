using System.Diagnostics.CodeAnalysis;
using Larder;
using Larder.Backplane;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets nodes whose store has no feed tell each other of changes.</summary>
public static class LarderBackplaneExtensions
{
    /// <summary>
    /// Tells the other nodes at once of what is changed here, where the cache's store does not (<c>UseDistributedCache</c>). It
    /// promises nothing: a copy lives for <see cref="LarderOptions.MaxStaleness"/> at most, as it does without, and what a message
    /// does is to end it before. The app fails to start if the store has a feed of its own (<c>UseRedis</c>), or if there is none.
    /// </summary>
    /// <typeparam name="T">The backplane; its constructor gets the app's services. Each cache has an instance of its own.</typeparam>
    /// <param name="builder">The builder of a cache with a store, given to it before or afterwards.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseBackplane<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this ILarderBuilder builder)
        where T : class, ILarderBackplane =>
        Use(builder, typeof(T).Name, static services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>As the other overload, for a backplane that is made by the app.</summary>
    /// <param name="builder">The builder of a cache with a store, given to it before or afterwards.</param>
    /// <param name="create">Makes the backplane; called once for each cache, which disposes it at its end.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseBackplane(this ILarderBuilder builder, Func<IServiceProvider, ILarderBackplane> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Use(builder, "a function's backplane", create);
    }

    private static ILarderBuilder Use(ILarderBuilder builder, string name, Func<IServiceProvider, ILarderBackplane> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.RemoveAllKeyed<BackplaneFactory>(builder.Name);
        builder.Services.AddKeyedSingleton(builder.Name, new BackplaneFactory(name, create));
        return builder;
    }
}
