namespace Larder.Stores;

/// <summary>
/// Receives a store's feed. Calls must come one at a time and in the order in which the server delivered the messages:
/// an echo proves the arrival of everything before it.
/// </summary>
public interface IFeedObserver
{
    /// <summary>A node (perhaps this one) changed something.</summary>
    void OnMessage(in FeedMessage message);

    /// <summary>An echo of <see cref="ILarderStore.PulseAsync"/> came back.</summary>
    /// <param name="number">The number that was sent.</param>
    void OnEcho(long number);

    /// <summary>The connection that receives the feed was lost, or came back: messages may have been missed.</summary>
    void OnInterrupted();
}
