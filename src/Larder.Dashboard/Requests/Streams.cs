using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Larder.Dashboard.Requests;

/// <summary>Writes streams of server-sent events: a bounded number at a time, and none past the end of the app.</summary>
internal sealed class Streams(IHostApplicationLifetime lifetime)
{
    private const int Most = 32;

    private int _open;

    /// <summary>Writes a stream until its reader leaves.</summary>
    /// <param name="request">The request.</param>
    /// <param name="events">Makes the events; their data is JSON already.</param>
    public async Task WriteAsync(ApiRequest request, Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> events)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > Most)
            {
                throw new ProblemException(
                    StatusCodes.Status503ServiceUnavailable, "Too many streams", $"{Most} pages watch already. Close one of them, or try again later.");
            }

            // A stream would hold up the end of the app for as long as the server waits for its requests.
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, lifetime.ApplicationStopping);
            // A proxy that collects an answer before it passes it on (nginx) would pass on nothing.
            request.Context.Response.Headers["X-Accel-Buffering"] = "no";
            await TypedResults.ServerSentEvents(UntilAsync(events, ends.Token)).ExecuteAsync(request.Context).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static async IAsyncEnumerable<SseItem<string>> UntilAsync(
        Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> events, [EnumeratorCancellation] CancellationToken ends)
    {
        // An answer of no events is no answer: the page learns at once that it is connected.
        yield return new("{}", "connected") { ReconnectionInterval = TimeSpan.FromSeconds(2) };
        var stream = events(ends).GetAsyncEnumerator(ends);
        await using (stream.ConfigureAwait(false))
        {
            while (await HasNextAsync(stream).ConfigureAwait(false))
            {
                yield return stream.Current;
            }
        }
    }

    private static async ValueTask<bool> HasNextAsync(IAsyncEnumerator<SseItem<string>> stream)
    {
        try
        {
            return await stream.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
