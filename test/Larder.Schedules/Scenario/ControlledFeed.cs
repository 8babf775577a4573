using Larder.Schedules.Control;
using Larder.Stores;

namespace Larder.Schedules.Scenario;

/// <summary>The messages on their way to a node: they arrive one at a time, in their order, or are lost with the connection.</summary>
internal sealed class ControlledFeed(IFeedObserver observer, string node) : IFeedObserver
{
    private readonly Lock _gate = new();
    private readonly Queue<(string Name, Action Deliver)> _onTheWay = new();
    private bool _isDelivering;
    private bool _isCut;
    private long _lost;

    /// <summary>How many messages were published so far.</summary>
    public long Sent { get; private set; }

    /// <summary>How many of them were delivered, or lost and an echo has come since.</summary>
    public long Settled { get; private set; }

    public void OnMessage(in FeedMessage message)
    {
        var copy = message;
        Send($"{message.Change} {message.Subject} {message.Number} of {message.Publisher}", () => observer.OnMessage(copy));
    }

    public void OnEcho(long number) => Send($"echo {number}", () =>
    {
        var lost = _lost;
        observer.OnEcho(number);
        _lost -= lost;
        Settled += lost;
    });

    public void OnInterrupted() => throw new NotSupportedException("The server of the scenario never does that.");

    /// <summary>The connection is lost, with everything on its way; the node is told later, and later still it is connected again.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="steps">For how many points the node stays without it, at least.</param>
    public void Cut(Scheduler scheduler, int steps)
    {
        if (_isCut)
        {
            return;
        }

        Scheduler.Say($"{node} loses {_onTheWay.Count} messages");
        _isCut = true;
        _lost += _onTheWay.Count;
        _onTheWay.Clear();
        scheduler.Spawn($"{node}: connection lost", () =>
        {
            Interrupt();
            scheduler.Spawn($"{node}: connected again", () =>
            {
                for (var i = 0; i < steps; i++)
                {
                    Scheduler.Point("is not connected yet");
                }

                _isCut = false;
                Interrupt();
            });
        });
    }

    private void Interrupt()
    {
        lock (_gate)
        {
            Scheduler.Say("is told");
            observer.OnInterrupted();
        }
    }

    private void Send(string name, Action deliver)
    {
        Sent++;
        if (_isCut)
        {
            _lost++;
        }
        else if (Scheduler.Running is { } scheduler)
        {
            _onTheWay.Enqueue((name, deliver));
            Deliver(scheduler);
        }
        else
        {
            deliver();
            Settled++;
        }
    }

    private void Deliver(Scheduler scheduler)
    {
        if (_isDelivering || _onTheWay.Count == 0)
        {
            return;
        }

        _isDelivering = true;
        scheduler.Spawn($"{node}: feed", () =>
        {
            lock (_gate)
            {
                if (_onTheWay.TryDequeue(out var message))
                {
                    Scheduler.Say($"hears {message.Name}");
                    message.Deliver();
                    Settled++;
                }
            }

            _isDelivering = false;
            Deliver(scheduler);
        });
    }
}
