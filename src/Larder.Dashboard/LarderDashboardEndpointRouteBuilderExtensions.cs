using Larder;
using Larder.Dashboard;
using Larder.Dashboard.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps Larder's dashboard.</summary>
public static class LarderDashboardEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the dashboard: a page that shows what the app's caches hold, on all nodes, with its assets and its API. Unless told
    /// otherwise it answers requests from this machine only, in Development only; a policy on the result
    /// (<c>.RequireAuthorization("Ops")</c>), or <see cref="LarderDashboardOptions.AllowRemoteAccess"/>, opens it to others.
    /// Its options are bound from the configuration section <c>Larder:Dashboard</c>.
    /// </summary>
    /// <param name="endpoints">The app's endpoints.</param>
    /// <param name="pattern">Where. Default: <c>/larder</c>.</param>
    /// <param name="configure">Sets options in code; what it sets counts, whatever the configuration says.</param>
    /// <returns>The group of all its endpoints.</returns>
    /// <exception cref="InvalidOperationException">The app has no cache.</exception>
    /// <exception cref="OptionsValidationException">A setting is not acceptable; the message says which.</exception>
    public static RouteGroupBuilder MapLarderDashboard(
        this IEndpointRouteBuilder endpoints, string pattern = "/larder", Action<LarderDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        return endpoints.ServiceProvider.GetService<ILarderFactory>() is not null
            ? DashboardRoutes.Map(endpoints, pattern, configure)
            : throw new InvalidOperationException("MapLarderDashboard found no cache: call services.AddLarder() first.");
    }
}
