namespace Larder.Stores;

/// <summary>One of several writes of one call.</summary>
/// <param name="Key">The entry's key.</param>
/// <param name="Write">What is written.</param>
/// <param name="Token">For a commit: the lease.</param>
public readonly record struct StoreItem(string Key, StoreWrite Write, LeaseToken Token = default);
