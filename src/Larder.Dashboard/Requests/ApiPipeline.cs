using System.Text.Json.Serialization.Metadata;
using Larder.Dashboard.Access;
using Larder.Dashboard.Api;
using Larder.Dashboard.Describing;
using Larder.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Larder.Dashboard.Requests;

/// <summary>
/// Maps the API's operations, and describes them: what reaches one of them comes from the page itself, and what it throws
/// becomes a problem.
/// </summary>
internal sealed class ApiPipeline(IEndpointRouteBuilder routes, CacheDirectory caches, ILogger log)
{
    private readonly ApiDescription _description = new();

    /// <summary>Maps a read.</summary>
    public void Get<T>(string route, string summary, JsonTypeInfo<T> type, Func<ApiRequest, Task<T>> operation, params IReadOnlyList<Argument> arguments) =>
        Map(new(HttpMethods.Get, route, summary, arguments) { Answer = type }, Answering(type, operation));

    /// <summary>Maps a mutation, or a read whose arguments are too long for a URL.</summary>
    public void Post<T>(string route, string summary, JsonTypeInfo body, JsonTypeInfo<T> type, Func<ApiRequest, Task<T>> operation) =>
        Map(new(HttpMethods.Post, route, summary, [Argument.Cache]) { Body = body, Answer = type }, Answering(type, operation));

    /// <summary>Maps a stream.</summary>
    public void Stream(string route, string summary, Func<ApiRequest, Task> operation, params IReadOnlyList<Argument> arguments) =>
        Map(new(HttpMethods.Get, route, summary, arguments), operation);

    /// <summary>Maps the description of what was mapped.</summary>
    public void Describe() => routes.MapMethods(
        "/openapi.json",
        [HttpMethods.Get],
        Guarded(request => Answers.WriteAsync(request.Context, _description.ToOpenApi(), ApiJson.Default.JsonObject)));

    private void Map(Operation operation, Func<ApiRequest, Task> run)
    {
        _description.Add(operation);
        routes.MapMethods(operation.Route, [operation.Method], Guarded(run));
    }

    private static Func<ApiRequest, Task> Answering<T>(JsonTypeInfo<T> type, Func<ApiRequest, Task<T>> operation) => async request =>
        await Answers.WriteAsync(request.Context, await operation(request).ConfigureAwait(false), type).ConfigureAwait(false);

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
