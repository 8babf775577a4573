namespace Larder.Dashboard;

/// <summary>Options of the dashboard, bound from the configuration section <c>Larder:Dashboard</c> and checked when it is mapped.</summary>
public sealed class LarderDashboardOptions
{
    /// <summary>
    /// Answers anyone who can reach the app, in every environment. Without it, and without an authorization policy on what
    /// <c>MapLarderDashboard</c> returns, only requests from this machine are answered, and only in Development.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool AllowRemoteAccess { get; set; }

    /// <summary>Whether values are shown.</summary>
    /// <value>Default: not set, which means in Development, or to those whom <see cref="ViewValuesPolicy"/> admits.</value>
    public bool? ViewValues { get; set; }

    /// <summary>Whether keys and tags can be invalidated.</summary>
    /// <value>Default: not set, which means in Development, or by those whom <see cref="InvalidatePolicy"/> admits.</value>
    public bool? Invalidate { get; set; }

    /// <summary>The authorization policy of those who may see values; all others don't.</summary>
    /// <value>Default: none. The name of a policy of the app.</value>
    public string? ViewValuesPolicy { get; set; }

    /// <summary>The authorization policy of those who may invalidate keys and tags; all others don't.</summary>
    /// <value>Default: none. The name of a policy of the app.</value>
    public string? InvalidatePolicy { get; set; }

    /// <summary>
    /// What is masked in values that are JSON: paths such as <c>$.email</c>, <c>$.users[*].phone</c>, <c>$..password</c> (at any
    /// depth) or <c>$.cards[0]</c>. What a path matches is shown as <c>"***"</c>. Names are compared without regard to case.
    /// </summary>
    /// <value>Default: empty.</value>
    public IList<string> MaskedPaths { get; } = [];

    /// <summary>
    /// Makes of a value's text what may be seen of it. It is given the key and the text as it would be shown, JSON after its
    /// masks, and before it is cut. If it throws, nothing is shown. In code only.
    /// </summary>
    /// <value>Default: none.</value>
    public Func<string, string, string>? ValueRedactor { get; set; }

    /// <summary>How much of a value is shown; one of more than 8 MiB, or four times this, is not even read.</summary>
    /// <value>Default: 262,144 (256 KiB). In bytes, from 1,024 to 16,777,216.</value>
    public int MaximumValueBytes { get; set; } = 256 * 1024;

    /// <summary>How long the other nodes have to answer a question; what they have not by then is told as missing.</summary>
    /// <value>Default: 1 second. From 50 milliseconds to 30 seconds.</value>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(1);
}
