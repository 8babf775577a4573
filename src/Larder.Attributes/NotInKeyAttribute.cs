namespace Larder;

/// <summary>
/// The argument of a method with <see cref="CachedAttribute"/> has no influence on what it returns, and is no part of the key.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NotInKeyAttribute : Attribute;
