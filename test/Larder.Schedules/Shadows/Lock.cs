using Larder.Schedules.Control;

// The compiler knows the type of a lock statement by this name.
namespace System.Threading;

/// <summary>A lock whose waiters stand still under the scheduler.</summary>
internal sealed class Lock
{
    private readonly object _gate = new();
    private Actor? _owner;
    private int _depth;

    public Scope EnterScope()
    {
        Enter();
        return new Scope(this);
    }

    public void Enter()
    {
        if (ActorThread.Current is { } actor)
        {
            if (_owner != actor)
            {
                Scheduler.Point("lock");
                while (_owner is not null)
                {
                    Scheduler.Block(_gate);
                }

                _owner = actor;
            }

            _depth++;
        }
        else
        {
            Monitor.Enter(_gate);
        }
    }

    public void Exit()
    {
        if (ActorThread.Current is null)
        {
            Monitor.Exit(_gate);
        }
        else if (--_depth == 0)
        {
            _owner = null;
            Scheduler.Open(_gate);
        }
    }

    public ref struct Scope(Lock held)
    {
        public void Dispose() => held.Exit();
    }
}
