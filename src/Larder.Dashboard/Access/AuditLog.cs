using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larder.Dashboard.Access;

/// <summary>
/// Writes down who did what, in a log category of its own (<c>Larder.Dashboard.Audit</c>), so that it can be kept elsewhere.
/// Keys in it pass <see cref="LarderOptions.KeyRedactor"/>.
/// </summary>
internal sealed class AuditLog(ILoggerFactory loggers)
{
    private const int LongestSubject = 256;

    private readonly ILogger _log = loggers.CreateLogger("Larder.Dashboard.Audit");

    /// <summary>An action that was taken.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="action">What: <c>remove</c>, ...</param>
    /// <param name="subject">The key, or the tags.</param>
    public void Done(HttpContext context, LarderCache cache, string action, string subject) =>
        Log.ActionDone(_log, UserOf(context), AddressOf(context), action, SubjectOf(cache, subject), cache.Name);

    /// <summary>An action that the caller may not take.</summary>
    /// <inheritdoc cref="Done"/>
    public void Refused(HttpContext context, LarderCache cache, string action, string subject) =>
        Log.ActionRefused(_log, UserOf(context), AddressOf(context), action, SubjectOf(cache, subject), cache.Name);

    private static string SubjectOf(LarderCache cache, string subject) =>
        Printable(cache.Node.Options.KeyRedactor is { } redact ? redact(subject) : subject);

    private static string UserOf(HttpContext context) => Printable(context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : "anonymous");

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "a local socket";

    // A line break in a key would forge a line of a log that is text.
    private static string Printable(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, LongestSubject)))
        {
            _ = char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : shown.Append(c);
        }

        return text.Length <= LongestSubject ? shown.ToString() : shown.Append(CultureInfo.InvariantCulture, $"... ({text.Length} characters)").ToString();
    }
}
