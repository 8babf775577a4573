namespace Larder.Testing.Memory;

/// <summary>The messaging that the nodes of a test share, in memory: what is published has arrived when the call returns.</summary>
public sealed class MemoryBus
{
    private readonly Lock _gate = new();
    private readonly List<(string Channel, Action<ReadOnlyMemory<byte>> Receive)> _subscribers = [];
    private readonly List<(string Channel, ReadOnlyMemory<byte> Message)> _published = [];

    /// <summary>Runs before a message is delivered; it may throw, or wait.</summary>
    public Func<Task>? Publishing { get; set; }

    /// <summary>Runs before somebody subscribes; it may throw.</summary>
    public Action? Subscribing { get; set; }

    /// <summary>Whether messages get lost.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>How many subscribe.</summary>
    public int Subscribers
    {
        get
        {
            lock (_gate)
            {
                return _subscribers.Count;
            }
        }
    }

    /// <summary>What was published so far, lost messages included.</summary>
    public IReadOnlyList<(string Channel, ReadOnlyMemory<byte> Message)> Published
    {
        get
        {
            lock (_gate)
            {
                return [.. _published];
            }
        }
    }

    /// <summary>One node's way to it.</summary>
    public ILarderBackplane Connect() => new Connection(this);

    /// <summary>Hands a message to all who subscribe to the channel.</summary>
    public void Deliver(string channel, ReadOnlyMemory<byte> message)
    {
        Action<ReadOnlyMemory<byte>>[] receivers;
        lock (_gate)
        {
            receivers = [.. _subscribers.Where(subscriber => subscriber.Channel == channel).Select(static subscriber => subscriber.Receive)];
        }

        foreach (var receive in receivers)
        {
            receive(message);
        }
    }

    private sealed class Connection(MemoryBus bus) : ILarderBackplane
    {
        private readonly List<(string Channel, Action<ReadOnlyMemory<byte>> Receive)> _own = [];

        public async ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            if (bus.Publishing is { } publishing)
            {
                await publishing();
            }

            if (!bus.IsDeaf)
            {
                bus.Deliver(channel, message);
            }

            // Delivered by then: a test that has seen it goes on.
            lock (bus._gate)
            {
                bus._published.Add((channel, message));
            }
        }

        public ValueTask SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken)
        {
            bus.Subscribing?.Invoke();
            lock (bus._gate)
            {
                _own.Add((channel, receive));
                bus._subscribers.Add((channel, receive));
            }

            return default;
        }

        public ValueTask DisposeAsync()
        {
            lock (bus._gate)
            {
                _own.ForEach(own => bus._subscribers.Remove(own));
            }

            return default;
        }
    }
}
