using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Users.Service;

namespace Microsoft.AspNetCore.Builder;

/// <summary>
/// The users service's endpoints. They are compiled into Users.Web as well, which hosts them itself when it is told of no
/// other service.
/// </summary>
internal static class OriginEndpoints
{
    /// <summary>Adds what the endpoints need, with <see cref="OriginOptions"/> from the configuration section <c>Users</c>.</summary>
    public static IServiceCollection AddUsersOrigin(this IServiceCollection services)
    {
        services.AddOptions<OriginOptions>().BindConfiguration("Users").ValidateOnStart();
        services.AddSingleton<IValidateOptions<OriginOptions>, OriginOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<OriginRequests>();
        return services;
    }

    /// <summary>Maps <c>GET /api/users</c>, which is slow on purpose, and <c>GET /api/users/stats</c>, which counts its requests.</summary>
    public static IEndpointRouteBuilder MapUsers(this IEndpointRouteBuilder endpoints)
    {
        var users = endpoints.MapGroup("/api/users");

        users.MapGet("/", ListAsync);
        users.MapGet("/stats", static (OriginRequests requests) => TypedResults.Json(requests.Total, OriginJson.Default.OriginStats));
        return endpoints;
    }

    private static async Task<JsonHttpResult<OriginPage>> ListAsync(
        OriginRequests requests, IOptions<OriginOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        requests.Count();
        await Task.Delay(options.Value.Delay, time, cancellationToken);
        return TypedResults.Json(OriginUsers.Page, OriginJson.Default.OriginPage);
    }
}
