namespace Larder;

/// <summary>
/// Carries messages between the nodes of a cache whose store tells nobody of changes (<c>UseDistributedCache</c>), over whatever
/// the app has: a broker, a database that notifies, publish and subscribe. Add it by <c>UseBackplane</c>.
/// </summary>
/// <remarks>
/// It makes other nodes drop their copies at once and not only after <see cref="LarderOptions.MaxStaleness"/>. Nothing depends on
/// it: a message may be lost, late, come twice or out of order, and copies live for <see cref="LarderOptions.MaxStaleness"/> at
/// most whatever becomes of it. So an implementation repeats nothing and keeps nothing. Nobody who calls the cache waits for it,
/// and what it throws is logged, once until it works again. One instance serves one cache, which disposes it.
/// </remarks>
public interface ILarderBackplane : IAsyncDisposable
{
    /// <summary>
    /// Sends a message to all nodes that subscribed to the channel; that this node gets it too does no harm. Called for one message
    /// after another, the next when this one is done.
    /// </summary>
    /// <param name="channel">The channel: the cache's key prefix and <c>larder:messages</c>. Keys and tags of an app can't begin so.</param>
    /// <param name="message">
    /// The message, at most 4,096 bytes unless a single key or tag is longer. It is binary; nothing in it is secret but keys and
    /// tags.
    /// </param>
    /// <param name="cancellationToken">
    /// Cancelled after <see cref="LarderOptions.MaxStaleness"/>, when the message is of no use any more, and at the end of the cache.
    /// </param>
    ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>
    /// Begins to receive what is published, and goes on until it is disposed, by itself also after its connection was lost. Called
    /// again after a second as long as it throws.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="receive">Takes a message. It is quick, never throws, may be called by several threads at once, and keeps no reference.</param>
    /// <param name="cancellationToken">Cancelled at the end of the cache.</param>
    ValueTask SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken);
}
