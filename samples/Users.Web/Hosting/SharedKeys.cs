using Microsoft.AspNetCore.DataProtection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The keys that protect cookies and forms.</summary>
internal static class SharedKeys
{
    /// <summary>
    /// Lets every server read what another protected: behind a load balancer, a form that one server rendered is posted to
    /// another. The directory <c>Users:DataProtectionKeys</c> is for servers that don't share a home directory; without
    /// it, the keys are where ASP.NET Core keeps them.
    /// </summary>
    public static IServiceCollection AddSharedKeys(this IServiceCollection services, IConfiguration configuration)
    {
        // By default the name is the content root's path, and servers that run from different directories would differ.
        var keys = services.AddDataProtection().SetApplicationName("Users.Web");
        if (configuration["Users:DataProtectionKeys"] is { Length: > 0 } directory)
        {
            keys.PersistKeysToFileSystem(new DirectoryInfo(directory));
        }

        return services;
    }
}
