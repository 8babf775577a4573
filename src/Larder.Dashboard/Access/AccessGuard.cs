using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Larder.Dashboard.Access;

/// <summary>
/// Decides whom the dashboard answers: everyone if the options say so; those whom the app's authorization has let through;
/// otherwise, in Development only, the person at this machine.
/// </summary>
internal sealed class AccessGuard(LarderDashboardOptions options, bool isDevelopment)
{
    private const string HowToOpen =
        "An authorization policy (MapLarderDashboard().RequireAuthorization(...)) or the setting Larder:Dashboard:AllowRemoteAccess opens it.";

    /// <summary>Why a request is refused, and what would change that; <see langword="null"/> if it is not.</summary>
    /// <param name="context">The request, past routing and authorization.</param>
    public string? WhyNot(HttpContext context)
    {
        if (options.AllowRemoteAccess || HasPolicy(context))
        {
            return null;
        }

        if (!isDevelopment)
        {
            return $"Outside Development the dashboard answers nobody as it is mapped. {HowToOpen}";
        }

        return LocalRequest.WhyNot(context) is { } reason
            ? $"The dashboard answers this machine only, and the request is not local: {reason}. {HowToOpen}"
            : null;
    }

    // ASP.NET Core refuses to run an endpoint with such data if no authorization middleware has looked at it. The app's fallback
    // policy does not count: it often admits every customer who has signed in.
    private static bool HasPolicy(HttpContext context) =>
        context.GetEndpoint() is { Metadata: var metadata }
        && metadata.GetMetadata<IAllowAnonymous>() is null
        && metadata.GetMetadata<IAuthorizeData>() is not null;
}
