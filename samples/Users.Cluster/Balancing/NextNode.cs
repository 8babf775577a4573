using Yarp.ReverseProxy.Forwarder;

namespace Users.Cluster.Balancing;

/// <summary>
/// Sends a request that an app server could not answer to another one: a server may be dead for up to a second before the
/// health checks see it.
/// </summary>
internal sealed class NextNode(RequestDelegate next)
{
    private const string NoAnswer = "The app server did not answer. The page /cluster shows which of them run.\n";

    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var untried = proxy.AvailableDestinations;
        while (true)
        {
            await next(context);
            if (context.GetForwarderErrorFeature() is not { } failure
                || context.Response.HasStarted
                || context.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            untried = [.. untried.Where(node => node != proxy.ProxiedDestination)];
            if (untried.Count == 0 || !CanRepeat(context.Request, failure))
            {
                await context.Response.WriteAsync(NoAnswer, context.RequestAborted);
                return;
            }

            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
            proxy.AvailableDestinations = untried;
        }
    }

    // What was only to be read may be read twice; anything else is repeated only if no server can have got it.
    private static bool CanRepeat(HttpRequest request, IForwarderErrorFeature failure) =>
        HttpMethods.IsGet(request.Method)
        || HttpMethods.IsHead(request.Method)
        || failure.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
}
