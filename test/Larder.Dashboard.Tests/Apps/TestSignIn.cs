using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Larder.Dashboard.Tests.Apps;

/// <summary>Signs in whom the header <c>User</c> names, in the roles of the header <c>Roles</c>.</summary>
internal sealed class TestSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public static AuthenticationBuilder AddTo(IServiceCollection services) =>
        services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TestSignIn>("test", null);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers["User"].ToString() is not { Length: > 0 } user)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var roles = Request.Headers["Roles"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, user), .. roles.Select(static role => new Claim(ClaimTypes.Role, role))], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name)));
    }
}
