using Microsoft.AspNetCore.Mvc;

namespace Users.Web.Controllers;

/// <summary>What a browser sees where there is no page.</summary>
public sealed class ErrorController : Controller
{
    /// <summary>Shows the status in words; the request keeps its status code.</summary>
    /// <param name="status">The HTTP status code.</param>
    [Route("/error/{status:int}")]
    [IgnoreAntiforgeryToken] // a form that was refused is re-executed here, still without a valid token
    [ResponseCache(NoStore = true)]
    public IActionResult Index(int status) => View("Error", status);
}
