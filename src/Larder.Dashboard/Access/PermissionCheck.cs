using Larder.Dashboard.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larder.Dashboard.Access;

/// <summary>What a caller who was let in may do.</summary>
internal sealed class PermissionCheck(LarderDashboardOptions options, IHostEnvironment environment)
{
    public async Task<Permissions> OfAsync(HttpContext context) => new(
        context.User.Identity is { IsAuthenticated: true } identity ? identity.Name : null,
        environment.EnvironmentName,
        await CanViewValuesAsync(context).ConfigureAwait(false),
        await CanInvalidateAsync(context).ConfigureAwait(false));

    public Task<bool> CanViewValuesAsync(HttpContext context) => AllowsAsync(context, options.ViewValues, options.ViewValuesPolicy);

    public Task<bool> CanInvalidateAsync(HttpContext context) => AllowsAsync(context, options.Invalidate, options.InvalidatePolicy);

    private async Task<bool> AllowsAsync(HttpContext context, bool? setting, string? policy)
    {
        if (setting == false || policy is null)
        {
            return setting ?? environment.IsDevelopment();
        }

        var authorization = context.RequestServices.GetRequiredService<IAuthorizationService>();
        var result = await authorization.AuthorizeAsync(context.User, context, policy).ConfigureAwait(false);
        return result.Succeeded;
    }
}
