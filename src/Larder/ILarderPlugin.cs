namespace Larder;

/// <summary>
/// Something that lives along with a cache: it watches its events, warms it, reports. Add it by <c>AddPlugin</c>; each cache
/// has an instance of its own, which is disposed at the end if it can be. Neither what a plugin throws nor how long it takes
/// reaches the cache; both are logged.
/// </summary>
public interface ILarderPlugin
{
    /// <summary>
    /// Called once, when its cache has been made, on a thread of the pool. Nobody waits for it: the cache is used meanwhile.
    /// </summary>
    /// <param name="cache">The cache.</param>
    /// <param name="cancellationToken">Cancelled when the cache ends before this has.</param>
    ValueTask StartAsync(LarderCache cache, CancellationToken cancellationToken);

    /// <summary>
    /// Called once before the cache ends, which can still be used, if <see cref="StartAsync"/> succeeded. The end of the cache
    /// waits for it for 5 seconds.
    /// </summary>
    /// <param name="cache">The cache.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    ValueTask StopAsync(LarderCache cache, CancellationToken cancellationToken);
}
