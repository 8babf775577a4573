using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Users.Web.Services;
using ZiggyCreatures.Caching.Fusion;

namespace App.Users;

/// <summary>Puts a variant in the place of the sample's own users. Larder stays registered, as the rest of the app needs it, and idle.</summary>
internal static class VariantServices
{
    public static void UseVariant(this IServiceCollection services, Variant variant, string redis)
    {
        switch (variant)
        {
            case Variant.Static:
                services.Replace(ServiceDescriptor.Singleton<IUsersService, StaticUsersService>());
                break;
            case Variant.HybridCache:
                services.RemoveAll<HybridCache>();
                services.AddRedisCache(redis).AddHybridCache();
                services.DecorateOrigin<HybridCacheUsersService>();
                break;
            case Variant.FusionCache:
                services.AddRedisCache(redis).AddFusionCache(redis);
                services.DecorateOrigin<FusionCacheUsersService>();
                break;
            case Variant.Classic:
                services.AddRedisCache(redis).DecorateOrigin<ClassicUsersService>();
                break;
            case Variant.None:
                services.DecorateOrigin<UncachedUsersService>();
                break;
        }
    }

    // As the sample decorates it. The client's handlers are those that the sample has configured under its name.
    private static void DecorateOrigin<TService>(this IServiceCollection services)
        where TService : IUsersService
    {
        services.RemoveAll<IUsersService>();
        services.AddHttpClient<IUsersService, UsersService>();
        services.Decorate<IUsersService, TService>();
    }

    private static IServiceCollection AddRedisCache(this IServiceCollection services, string redis) =>
        services.RemoveAll<IDistributedCache>().AddStackExchangeRedisCache(options => options.Configuration = redis);

    private static void AddFusionCache(this IServiceCollection services, string redis)
    {
        services.AddFusionCacheSystemTextJsonSerializer(new JsonSerializerOptions { IncludeFields = true }); // else it warns that tuples would be lost
        services.AddFusionCacheStackExchangeRedisBackplane(options => options.Configuration = redis);
        services.AddFusionCache()
            .WithDefaultEntryOptions(static options => options.SetDuration(KeptUsers.Lifetime))
            .WithRegisteredSerializer()
            .WithRegisteredDistributedCache()
            .WithRegisteredBackplane();
    }
}
