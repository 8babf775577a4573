using Larder.Dashboard.Access;
using Larder.Dashboard.Endpoints;
using Larder.Dashboard.Options;
using Larder.Dashboard.Requests;
using Larder.Dashboard.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Dashboard.Hosting;

/// <summary>Puts the dashboard's parts together, and its guard in front of each.</summary>
internal static class DashboardRoutes
{
    public static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, string pattern, Action<LarderDashboardOptions>? configure)
    {
        var services = endpoints.ServiceProvider;
        var options = DashboardOptionsFactory.Create(services, configure);
        var environment = services.GetRequiredService<IHostEnvironment>();
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var log = loggers.CreateLogger("Larder.Dashboard");

        var group = endpoints.MapGroup(pattern).ExcludeFromDescription();
        Guard(group, new AccessGuard(options, environment.IsDevelopment()), log);
        PageEndpoints.Map(group);
        var pipeline = new ApiPipeline(group.MapGroup("/api/v1"), new CacheDirectory(services), log);
        ApiEndpoints.Map(pipeline, options, services, log);
        return group;
    }

    // Around the delegates and not as an endpoint filter: nothing of a request is read before it is let in.
    private static void Guard(IEndpointConventionBuilder group, AccessGuard guard, ILogger log) => group.Add(endpoint =>
    {
        var guarded = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            SecurityHeaders.Write(context.Response);
            if (guard.WhyNot(context) is not { } reason)
            {
                return guarded(context);
            }

            Log.AccessRefused(log, context.Connection.RemoteIpAddress, reason);
            return Answers.WriteProblemAsync(context, StatusCodes.Status403Forbidden, "Not allowed", reason);
        };
    });
}
