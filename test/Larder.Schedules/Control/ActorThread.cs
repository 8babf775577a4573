namespace Larder.Schedules.Control;

/// <summary>A thread that runs actors, one after the other, and stands still whenever another one is to run.</summary>
internal sealed class ActorThread : IDisposable
{
    private static readonly Stack<ActorThread> Idle = new();

    [ThreadStatic]
    private static Actor? _current;

    private readonly SemaphoreSlim _go = new(0);
    private Actor? _actor;

    private ActorThread() => new Thread(Run, 1024 * 1024) { IsBackground = true }.Start();

    /// <summary>What runs on this thread; <see langword="null"/> on one that is nobody's.</summary>
    public static Actor? Current => _current;

    /// <summary>Lets an actor begin or go on. Whoever calls this must stand still at once, or end.</summary>
    public static void Resume(Actor actor)
    {
        if (actor.Thread is null)
        {
            lock (Idle)
            {
                actor.Thread = Idle.Count > 0 ? Idle.Pop() : new ActorThread();
            }

            actor.Thread._actor = actor;
        }

        actor.Thread._go.Release();
    }

    /// <summary>Stands still until <see cref="Resume"/>.</summary>
    public static void StandStill(Actor actor) => actor.Thread!._go.Wait();

    public void Dispose() => _go.Dispose();

    private void Run()
    {
        while (true)
        {
            _go.Wait();
            var actor = _current = _actor!;
            actor.Body();
            _current = null;
            lock (Idle)
            {
                Idle.Push(this);
            }

            Scheduler.Running!.OnEnded();
        }
    }
}
