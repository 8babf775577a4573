using Larder;
using Microsoft.Extensions.Options;
using Users.Web.Services;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The settings of section <c>Users</c>.</summary>
internal static class UsersServiceCollectionExtensions
{
    /// <summary>Adds <see cref="UsersOptions"/>, checked at start, and what follows from them for the cache's entry.</summary>
    public static IServiceCollection AddUsersOptions(this IServiceCollection services)
    {
        services.AddOptions<UsersOptions>().BindConfiguration("Users").ValidateOnStart();
        services.AddSingleton<IValidateOptions<UsersOptions>, UsersOptionsValidator>();
        services.AddSingleton(static services =>
        {
            var users = services.GetRequiredService<IOptions<UsersOptions>>().Value;
            return new LarderEntryOptions
            {
                SlidingExpiration = users.SlidingExpiration,
                Expiration = users.AbsoluteExpiration,
                ShareInstances = true, // nobody changes the list: every hit may be the same one
            };
        });
        return services;
    }
}
