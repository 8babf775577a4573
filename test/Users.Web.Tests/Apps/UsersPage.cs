using System.Net;
using System.Text.RegularExpressions;

namespace Users.Web.Tests.Apps;

/// <summary>The page, read without a browser.</summary>
internal sealed partial class UsersPage(string html)
{
    /// <summary>The headline: the first cached user's address, or that there is none.</summary>
    public string Email => Text("email");

    public string Source => Text("source");

    public string Server => Text("server");

    /// <summary>What it says about the button that was just pressed.</summary>
    public string Notice => Decoded(NoticePattern().Match(html));

    public string Token => TokenPattern().Match(html).Groups[1].Value;

    private string Text(string id) => Decoded(Regex.Match(html, $"""id="{id}"[^>]*>([^<]*)<"""));

    private static string Decoded(Match match) => WebUtility.HtmlDecode(match.Groups[1].Value).Trim();

    [GeneratedRegex("""<p class="notice [^>]*>([^<]*)<""")]
    private static partial Regex NoticePattern();

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]*)""")]
    private static partial Regex TokenPattern();
}
