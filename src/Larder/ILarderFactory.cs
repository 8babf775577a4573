namespace Larder;

/// <summary>
/// Caches by their names, for names that are known at run time only: a tenant's, say. It is registered by <c>AddLarder</c>.
/// </summary>
public interface ILarderFactory
{
    /// <summary>
    /// The cache of a name: the one that <c>AddLarder(name)</c> has registered; or else one of its own, made at the first call,
    /// with the options of the default cache, over which those of the configuration section <c>Larder:{name}</c> are bound, and
    /// on the default cache's store. What it keeps in L2 begins with its name and a colon.
    /// </summary>
    /// <param name="name">The name; empty for the default cache.</param>
    /// <returns>The same instance for the same name. The factory disposes it, at the end of the app.</returns>
    /// <exception cref="InvalidOperationException">No cache of that name was registered, and no default cache, whose options it could have.</exception>
    LarderCache GetCache(string name);
}
