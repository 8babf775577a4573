namespace Larder.Stores;

/// <summary>The answer of a store about the tag clock.</summary>
/// <param name="Now">The tag clock.</param>
/// <param name="Numbers">
/// For each tag that was asked for, in that order, the number of its last invalidation in this generation; 0 if there was none.
/// </param>
public readonly record struct TagReading(TagStamp Now, IReadOnlyList<long> Numbers);
