using System.Globalization;

namespace Users.Web.Models;

/// <summary>Durations for people. <c>wwwroot/page.js</c> writes seconds and more the same way.</summary>
public static class Durations
{
    /// <summary>Such as "0.4 ms", "1,018 ms"; the space is one that no line breaks at.</summary>
    /// <param name="duration">How long something took.</param>
    public static string ToText(this TimeSpan duration) =>
        duration.TotalMilliseconds.ToString(duration.TotalMilliseconds < 10 ? "0.0" : "#,##0", CultureInfo.InvariantCulture) + "\u00a0ms";

    /// <summary>Such as "12 s", "1 min 58 s", "2 h 5 min".</summary>
    /// <param name="duration">How long something still lasts, or lasts already.</param>
    public static string ToClock(this TimeSpan duration)
    {
        var seconds = (long)Math.Max(0, duration.TotalSeconds);
        return seconds switch
        {
            < 60 => $"{seconds} s",
            < 3600 => $"{seconds / 60} min {seconds % 60} s",
            _ => $"{seconds / 3600} h {seconds % 3600 / 60} min",
        };
    }
}
