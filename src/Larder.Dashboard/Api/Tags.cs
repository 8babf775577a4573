namespace Larder.Dashboard.Api;

/// <summary>The tag invalidations that this node made or heard of.</summary>
/// <param name="Invalidations">The newest first.</param>
internal sealed record TagList(IReadOnlyList<TagInvalidation> Invalidations);

/// <summary>An invalidation of a tag.</summary>
/// <param name="Tag">The tag; <c>*</c> for Clear.</param>
/// <param name="At">When this node made it or heard of it.</param>
/// <param name="Node">The node that made it.</param>
/// <param name="IsExpiry">Whether the entries were expired, which fail-safe may go on with, and not removed.</param>
internal sealed record TagInvalidation(string Tag, DateTimeOffset At, string Node, bool IsExpiry);

/// <summary>How many entries an invalidation of a tag would hit, as far as was scanned.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Count">Entries of this step that carry it and are not yet invalid.</param>
/// <param name="Progress">How far the step got; its cursor continues the count.</param>
internal sealed record TagCount(string Tag, long Count, ScanProgress Progress);
