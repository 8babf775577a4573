using Larder.Stores;

namespace Larder.Testing.Conformance;

/// <summary>Writes down what a store reports, in its order.</summary>
public sealed class FeedRecorder : IFeedObserver
{
    private readonly Lock _lock = new();
    private readonly List<object> _events = [];

    /// <summary>Everything so far: a <see cref="FeedMessage"/>, the number of an echo, or the word <c>interrupted</c>.</summary>
    public IReadOnlyList<object> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>The messages that report a change.</summary>
    public IReadOnlyList<FeedMessage> Changes => [.. Events.OfType<FeedMessage>().Where(message => message.Change is not (FeedChange.None or FeedChange.Repeat))];

    public IReadOnlyList<long> Echoes => [.. Events.OfType<long>()];

    public void OnMessage(in FeedMessage message) => Add(message);

    public void OnEcho(long number) => Add(number);

    public void OnInterrupted() => Add("interrupted");

    private void Add(object happened)
    {
        lock (_lock)
        {
            _events.Add(happened);
        }
    }
}
