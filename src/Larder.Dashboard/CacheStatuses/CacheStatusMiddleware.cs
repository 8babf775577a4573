using Larder.Inspection;
using Microsoft.AspNetCore.Http;

namespace Larder.Dashboard.CacheStatuses;

/// <summary>Collects what the caches answer while a request runs, and writes it down when its response begins.</summary>
internal sealed class CacheStatusMiddleware(CacheStatusOptions options)
{
    // Async, so that the log, which flows with the request, ends with it: the server uses its context for the next one.
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var log = CacheStatusLog.Begin();
        context.Response.OnStarting(() =>
        {
            if (log.Answers is { Count: > 0 } answers)
            {
                // One member for each answer; those of a cache further in, which are there already, come first.
                context.Response.Headers.Append("Cache-Status", CacheStatusField.Of(answers, options.IncludeKeys));
            }

            return Task.CompletedTask;
        });
        await next(context).ConfigureAwait(false);
    }
}
