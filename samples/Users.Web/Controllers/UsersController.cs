using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Users.Web.Hosting;
using Users.Web.Models;
using Users.Web.Services;

namespace Users.Web.Controllers;

/// <summary>The page with its two buttons, and the list as JSON.</summary>
/// <param name="users">The users; whether and where they are kept is not this class's business.</param>
/// <param name="server">This server.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed class UsersController(IUsersService users, ThisServer server, TimeProvider time, ILogger<UsersController> logger) : Controller
{
    /// <summary>Shows the first user that is kept; asks the users service for nothing.</summary>
    /// <param name="cancellationToken">Ends with the request.</param>
    [HttpGet("/")]
    public async Task<IActionResult> Index(CancellationToken cancellationToken) =>
        View(new UsersPage(await users.FindKeptAsync(cancellationToken), TakeNotice(), server.Describe(HttpContext), server.Store));

    /// <summary>"Cache it".</summary>
    /// <param name="cancellationToken">Ends with the request.</param>
    [HttpPost("/cache")]
    public async Task<IActionResult> Cache(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var answer = await users.GetAsync(cancellationToken);
            LeaveNotice(Notice.Of(answer, time.GetElapsedTime(started)));
        }
        catch (UsersUnavailableException failure)
        {
            Log.UsersUnavailable(logger, failure.Message, failure.InnerException?.Message);
            LeaveNotice(new(NoticeKind.Failed, $"{failure.Message} Nothing was cached; try again in a moment."));
        }

        return RedirectToAction(nameof(Index));
    }

    /// <summary>"Clear it".</summary>
    /// <param name="cancellationToken">Ends with the request.</param>
    [HttpPost("/clear")]
    public async Task<IActionResult> Clear(CancellationToken cancellationToken)
    {
        await users.ForgetAsync(cancellationToken);
        LeaveNotice(new(NoticeKind.Cleared, "Cleared: the next one who needs the list asks the origin."));
        return RedirectToAction(nameof(Index));
    }

    /// <summary>The list as JSON, fetched if it is not kept.</summary>
    /// <param name="cancellationToken">Ends with the request.</param>
    [HttpGet("/users")]
    [ResponseCache(NoStore = true)]
    public async Task<IActionResult> List(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await users.GetAsync(cancellationToken);
            return Json(new SourcedUsersDocument(
                answer.Source, answer.Age?.TotalSeconds, answer.ExpiresIn?.TotalSeconds, server.Describe(HttpContext), answer.Users));
        }
        catch (UsersUnavailableException failure)
        {
            Log.UsersUnavailable(logger, failure.Message, failure.InnerException?.Message);
            return Problem(failure.Message, statusCode: StatusCodes.Status503ServiceUnavailable, title: "No users");
        }
    }

    // A notice lives in a protected cookie until the page has shown it, so that any server can show what another did.
    private void LeaveNotice(Notice notice) => TempData[nameof(Notice)] = JsonSerializer.Serialize(notice, UsersJson.Default.Notice);

    private Notice? TakeNotice() =>
        TempData[nameof(Notice)] is string notice ? JsonSerializer.Deserialize(notice, UsersJson.Default.Notice) : null;
}
