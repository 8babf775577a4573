using Larder.Stores;

namespace Larder.Chaos.Stores;

/// <summary>
/// The feed on a connection that breaks. A message that is lost takes along all that come after it, echoes too, until the cache
/// is told of the interruption: an echo that came through behind a lost message would say what no server says.
/// </summary>
internal sealed class ChaosFeed(IFeedObserver observer, LarderChaos chaos, TimeProvider time) : IFeedObserver
{
    private readonly Lock _gate = new();
    private long? _silentSince;

    public void OnMessage(in FeedMessage message)
    {
        lock (_gate)
        {
            if (_silentSince is not null || chaos.LosesMessage())
            {
                _silentSince ??= time.GetTimestamp();
                chaos.CountLost();
                return;
            }

            observer.OnMessage(message);
        }
    }

    public void OnEcho(long number)
    {
        lock (_gate)
        {
            if (_silentSince is null)
            {
                observer.OnEcho(number);
            }
        }
    }

    public void OnInterrupted()
    {
        lock (_gate)
        {
            observer.OnInterrupted();
        }
    }

    /// <summary>Ends a silence that has lasted long enough, or that nobody wants any more.</summary>
    public void Reconnect()
    {
        lock (_gate)
        {
            if (_silentSince is { } since && (!chaos.IsOn || time.GetElapsedTime(since) >= chaos.Now.FeedOutage))
            {
                _silentSince = null;
                observer.OnInterrupted();
            }
        }
    }
}
