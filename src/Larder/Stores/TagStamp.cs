namespace Larder.Stores;

/// <summary>
/// A reading of the tag clock. A later invalidation has a larger <paramref name="Number"/>; stamps of different
/// generations can't be compared, and an entry of another generation is invalid.
/// </summary>
/// <param name="Generation">Names the life of the counter; <see langword="null"/> where there is none.</param>
/// <param name="Number">How many tag invalidations the generation has seen.</param>
public readonly record struct TagStamp(string? Generation, long Number);
