using System.Net.ServerSentEvents;

namespace Larder.Dashboard.Tests.Apps;

/// <summary>A stream of server-sent events, as a page reads it.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly Stream _body;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private EventStream(HttpResponseMessage answer, Stream body)
    {
        _answer = answer;
        _body = body;
        _events = SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();
    }

    public static async Task<EventStream> OpenAsync(HttpClient client, string path)
    {
        var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        return new EventStream(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The data of the next event of a type; <see langword="null"/> if the stream ends before.</summary>
    public async Task<string?> NextAsync(string type)
    {
        while (await _events.MoveNextAsync())
        {
            if (_events.Current.EventType == type)
            {
                return _events.Current.Data;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await _body.DisposeAsync();
        _answer.Dispose();
    }
}
