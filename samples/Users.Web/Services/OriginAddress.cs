using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Users.Web.Services;

/// <summary>Where the users service is: at <c>Users:Endpoint</c>, or in this app.</summary>
internal sealed class OriginAddress(IOptions<UsersOptions> options, IServer server)
{
    /// <summary>Whether this app is its own users service.</summary>
    public bool IsThisApp => options.Value.Endpoint is null;

    /// <summary>The address of the list. This app's own is known only once it listens: ask at each call.</summary>
    public Uri Address => options.Value.Endpoint ?? new Uri(OwnAddress(), "api/users");

    /// <summary>Makes the handler that sends the requests.</summary>
    public static HttpMessageHandler CreateHandler(IServiceProvider services) => new SocketsHttpHandler
    {
        // A proxy can't reach this machine's loopback, and HttpClient would ask the one of HTTP_PROXY all the same.
        UseProxy = services.GetRequiredService<IOptions<UsersOptions>>().Value.Endpoint is { IsLoopback: false },
    };

    private Uri OwnAddress()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var own = addresses
            .Select(BindingAddress.Parse)
            .Where(static address => !address.IsUnixPipe && !address.IsNamedPipe)
            .OrderBy(static address => address.Scheme is "http" ? 0 : 1)
            .FirstOrDefault()
            ?? throw new UsersUnavailableException("This server doesn't listen on a port of its own; set Users:Endpoint.");

        // An address that stands for every interface is listened on, not called.
        var host = own.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : own.Host;
        return new Uri($"{own.Scheme}://{host}:{own.Port}");
    }
}
