namespace Larder.Stores;

/// <summary>Names one holding of a lease; no two are alike.</summary>
/// <param name="Value">The holder's node id and a running number, so that a person sees who holds a lease.</param>
public readonly record struct LeaseToken(string Value);
