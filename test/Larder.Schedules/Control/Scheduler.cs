namespace Larder.Schedules.Control;

/// <summary>
/// Runs actors one at a time. At every point (an atomic operation, a lock, a map, the begin and end of an actor) a strategy
/// says which one goes on; so one number, the seed, stands for one schedule and can be run again.
/// </summary>
internal sealed class Scheduler(Strategy strategy) : IDisposable
{
    private const int Limit = 100_000;

    private readonly List<Actor> _ready = [];
    private readonly List<(Actor Actor, object Gate)> _blocked = [];
    private readonly SemaphoreSlim _idle = new(0);
    private int _actors;
    private bool _isRunning;

    /// <summary>The one that is in charge; <see langword="null"/> while nothing is controlled.</summary>
    public static Scheduler? Running { get; private set; }

    /// <summary>How many points were passed.</summary>
    public int Steps { get; private set; }

    /// <summary>Points that a thread passed which is nobody's: then the seed does not say everything.</summary>
    public int Strangers { get; private set; }

    /// <summary>Called when no actor can go on; it may spawn one.</summary>
    public Action? WhenIdle { get; init; }

    /// <summary>What happened, if it is wanted.</summary>
    public List<string>? Trace { get; init; }

    /// <summary>Adds an actor; it begins when the strategy says so.</summary>
    public void Spawn(string name, Action body)
    {
        var actor = new Actor(_actors++, name, body);
        strategy.Enter(actor);
        _ready.Add(actor);
    }

    /// <summary>Runs until no actor can go on.</summary>
    public void Run()
    {
        Running = this;
        _isRunning = true;
        Step(null);
        _idle.Wait();
        _isRunning = false;
        Running = null;
        if (_blocked.Count > 0)
        {
            throw new InvalidOperationException($"Deadlock: {string.Join(", ", _blocked.Select(blocked => blocked.Actor.Name))}.");
        }
    }

    /// <summary>A place where another actor may go on instead.</summary>
    public static void Point(string what)
    {
        if (Running is not { } scheduler)
        {
            return;
        }

        if (ActorThread.Current is { } actor)
        {
            scheduler._ready.Add(actor);
            scheduler.Note(actor, what);
            scheduler.Step(actor);
        }
        else
        {
            scheduler.Strangers++;
        }
    }

    /// <summary>Waits until <paramref name="gate"/> is opened.</summary>
    public static void Block(object gate)
    {
        var actor = ActorThread.Current!;
        var scheduler = Running!;
        scheduler._blocked.Add((actor, gate));
        scheduler.Step(actor);
    }

    /// <summary>Those that wait for <paramref name="gate"/> may go on.</summary>
    public static void Open(object gate)
    {
        if (Running is not { } scheduler)
        {
            return;
        }

        for (var i = scheduler._blocked.Count - 1; i >= 0; i--)
        {
            if (scheduler._blocked[i].Gate == gate)
            {
                scheduler._ready.Add(scheduler._blocked[i].Actor);
                scheduler._blocked.RemoveAt(i);
            }
        }
    }

    /// <summary>Notes what an actor sees or does.</summary>
    public static void Say(string what) => Running?.Note(ActorThread.Current, what);

    /// <summary>An actor has come to its end.</summary>
    public void OnEnded() => Step(null);

    public void Dispose() => _idle.Dispose();

    private void Note(Actor? actor, string what) => Trace?.Add($"{Steps,6}  {actor?.Name,-28} {what}");

    private void Step(Actor? current)
    {
        if (++Steps > Limit)
        {
            throw new InvalidOperationException($"A schedule did not end within {Limit} steps.");
        }

        if (_ready.Count == 0)
        {
            WhenIdle?.Invoke();
        }

        if (_ready.Count == 0)
        {
            if (_isRunning)
            {
                _idle.Release();
            }

            if (current is not null)
            {
                ActorThread.StandStill(current);
            }

            return;
        }

        var next = strategy.Choose(_ready, current, Steps);
        _ready.Remove(next);
        if (ReferenceEquals(next, current))
        {
            return;
        }

        ActorThread.Resume(next);
        if (current is not null)
        {
            ActorThread.StandStill(current);
        }
    }
}
