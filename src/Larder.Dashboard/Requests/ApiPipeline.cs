using System.Text.Json.Serialization.Metadata;
using Larder.Dashboard.Access;
using Larder.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Larder.Dashboard.Requests;

/// <summary>Maps the API's operations: what reaches one of them comes from the page itself, and what it throws becomes a problem.</summary>
internal sealed class ApiPipeline(IEndpointRouteBuilder routes, CacheDirectory caches, ILogger log)
{
    /// <summary>Maps a read.</summary>
    public void Get<T>(string route, JsonTypeInfo<T> type, Func<ApiRequest, Task<T>> operation) =>
        routes.MapMethods(route, [HttpMethods.Get], Answering(type, operation));

    /// <summary>Maps a mutation, or a read whose arguments are too long for a URL.</summary>
    public void Post<T>(string route, JsonTypeInfo<T> type, Func<ApiRequest, Task<T>> operation) =>
        routes.MapMethods(route, [HttpMethods.Post], Answering(type, operation));

    /// <summary>Maps an operation that writes its answer itself.</summary>
    public void Stream(string route, Func<ApiRequest, Task> operation) => routes.MapMethods(route, [HttpMethods.Get], Guarded(operation));

    private RequestDelegate Answering<T>(JsonTypeInfo<T> type, Func<ApiRequest, Task<T>> operation) => Guarded(async request =>
        await Answers.WriteAsync(request.Context, await operation(request).ConfigureAwait(false), type).ConfigureAwait(false));

    private RequestDelegate Guarded(Func<ApiRequest, Task> operation) => async context =>
    {
        if (!SameOrigin.Holds(context.Request))
        {
            await Answers.WriteProblemAsync(
                context, StatusCodes.Status403Forbidden, "Another site's request", "The API answers the dashboard's own page, and programs that are no browsers.")
                .ConfigureAwait(false);
            return;
        }

        try
        {
            await operation(new ApiRequest(context, caches)).ConfigureAwait(false);
        }
        catch (Exception fault) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await WriteAsync(context, fault).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader has left.
        }
    };

    private Task WriteAsync(HttpContext context, Exception fault) => fault switch
    {
        ProblemException problem => Answers.WriteProblemAsync(context, problem.Status, problem.Title, problem.Message),
        BadHttpRequestException bad => Answers.WriteProblemAsync(context, bad.StatusCode, "Bad request", bad.Message),
        // A key or a tag that the cache itself does not accept.
        ArgumentException argument => Answers.WriteProblemAsync(context, StatusCodes.Status400BadRequest, "Bad input", argument.Message),
        StoreUnavailableException or TimeoutException => Answers.WriteProblemAsync(
            context, StatusCodes.Status503ServiceUnavailable, "L2 does not answer", "L2 does not answer at the moment. Try again."),
        _ => FailAsync(context, fault),
    };

    private Task FailAsync(HttpContext context, Exception fault)
    {
        Log.Failed(log, context.Request.Path, fault);
        return Answers.WriteProblemAsync(
            context, StatusCodes.Status500InternalServerError, "The dashboard failed", "The app's log says why, at Warning in the category Larder.Dashboard.");
    }
}
