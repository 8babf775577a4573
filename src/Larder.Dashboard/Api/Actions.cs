namespace Larder.Dashboard.Api;

/// <summary>The body of <c>POST key/expire</c>, <c>key/remove</c> and <c>key/refresh</c>.</summary>
/// <param name="Key">The key.</param>
internal sealed record KeyAction(string? Key);

/// <summary>The body of <c>POST tags/invalidate</c>.</summary>
/// <param name="Tags">The tags; <c>*</c> is every entry.</param>
internal sealed record TagAction(IReadOnlyList<string>? Tags);

/// <summary>What was done.</summary>
/// <param name="Action"><c>expire</c>, <c>remove</c>, <c>refresh</c> or <c>invalidateTags</c>.</param>
/// <param name="At">When.</param>
/// <param name="Sentence">That, in one sentence.</param>
internal sealed record ActionDone(string Action, DateTimeOffset At, string Sentence);
