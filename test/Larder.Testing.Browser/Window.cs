using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Larder.Testing.Browser;

/// <summary>A browser window, and what goes wrong in it.</summary>
public sealed class Window : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly IBrowserContext _context;

    private Window(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Complain(true, error);
        // What the page itself gave up, a stream that it closed for example, is no fault.
        page.RequestFailed += (_, request) => Complain(request.Failure != "net::ERR_ABORTED", $"{request.Url}: {request.Failure}");
        page.Response += (_, response) => Complain(response.Status >= 400, $"{response.Url}: {response.Status}");
    }

    /// <summary>Its page.</summary>
    public IPage Page { get; }

    /// <summary>Console errors and warnings, exceptions, and requests that failed or were answered with an error.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    internal static async Task<Window> OpenAsync(IBrowserContext context) => new(context, await context.NewPageAsync());

    /// <summary>The button that is called so.</summary>
    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Complain(bool isComplaint, string text)
    {
        if (isComplaint)
        {
            _complaints.Enqueue(text);
        }
    }
}
