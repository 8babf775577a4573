namespace Larder.Schedules.Control;

/// <summary>Says which actor goes on.</summary>
internal abstract class Strategy(int seed)
{
    protected Random Random { get; } = new(seed);

    /// <summary>The strategy of a seed: each third of the seeds has one of its own.</summary>
    public static Strategy Of(int seed) => (seed % 3) switch
    {
        0 => new RandomWalk(seed, stay: 0),
        1 => new RandomWalk(seed, stay: 0.8),
        _ => new Priorities(seed),
    };

    /// <summary>An actor came.</summary>
    public virtual void Enter(Actor actor)
    {
    }

    /// <summary>Chooses one of the ready.</summary>
    /// <param name="ready">The ready, the current one among them if it can go on.</param>
    /// <param name="current">The one that runs.</param>
    /// <param name="step">The number of this choice.</param>
    public abstract Actor Choose(List<Actor> ready, Actor? current, int step);
}

/// <summary>Any, but perhaps rather the one that runs.</summary>
internal sealed class RandomWalk(int seed, double stay) : Strategy(seed)
{
    public override Actor Choose(List<Actor> ready, Actor? current, int step) =>
        current is not null && ready.Contains(current) && Random.NextDouble() < stay ? current : ready[Random.Next(ready.Count)];
}

/// <summary>
/// Always the one of the highest priority, which are random, and lowered at a few random steps: it finds a bug that needs d
/// ordering constraints with a probability of at least 1/(n k^(d-1)). (Burckhardt et al., "A Randomized Scheduler with
/// Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.)
/// </summary>
internal sealed class Priorities : Strategy
{
    private const int Changes = 4;
    private const int ExpectedSteps = 600;

    private readonly HashSet<int> _changes = [];
    private int _lowest;

    public Priorities(int seed)
        : base(seed)
    {
        for (var i = 0; i < Changes; i++)
        {
            _changes.Add(Random.Next(ExpectedSteps));
        }
    }

    public override void Enter(Actor actor) => actor.Priority = Random.Next(1, int.MaxValue);

    public override Actor Choose(List<Actor> ready, Actor? current, int step)
    {
        if (current is not null && _changes.Contains(step))
        {
            current.Priority = --_lowest;
        }

        return ready.MaxBy(actor => actor.Priority)!;
    }
}
