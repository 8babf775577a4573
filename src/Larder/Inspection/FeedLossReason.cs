namespace Larder.Inspection;

/// <summary>Why messages of the feed may have been missed.</summary>
internal enum FeedLossReason
{
    /// <summary>A number of a publisher was left out.</summary>
    Gap,

    /// <summary>The connection that brings them was lost.</summary>
    Interrupted,
}
