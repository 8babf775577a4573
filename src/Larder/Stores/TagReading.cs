namespace Larder.Stores;

/// <summary>The answer of a store about the tag clock.</summary>
/// <param name="Now">The tag clock.</param>
/// <param name="Numbers">
/// For each tag that was asked for, in that order, the number of its last invalidation in this generation; 0 if there was none.
/// </param>
public readonly record struct TagReading(TagStamp Now, IReadOnlyList<long> Numbers)
{
    /// <summary>
    /// The numbers of all tags that were invalidated in this generation, where they are so few that the store gave them
    /// unasked: the reader then needs to ask no more. <see langword="null"/> otherwise.
    /// </summary>
    public IReadOnlyCollection<KeyValuePair<string, long>>? All { get; init; }
}
