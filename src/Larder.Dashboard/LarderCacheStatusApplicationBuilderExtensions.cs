using Larder.Dashboard;
using Larder.Dashboard.CacheStatuses;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the <c>Cache-Status</c> header.</summary>
public static class LarderCacheStatusApplicationBuilderExtensions
{
    /// <summary>
    /// Writes how the app's caches answered a request into its response header <c>Cache-Status</c> (RFC 9211):
    /// <c>Larder; hit; ttl=118; detail=L1</c>. In Development only, unless told otherwise. It counts what comes after it in the
    /// pipeline.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The app.</returns>
    public static IApplicationBuilder UseCacheStatus(this IApplicationBuilder app, Action<CacheStatusOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = new CacheStatusOptions();
        configure?.Invoke(options);
        return options.OutsideDevelopment || app.ApplicationServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
            ? app.Use(new CacheStatusMiddleware(options).InvokeAsync)
            : app;
    }
}
