namespace HitRatio.Policies;

/// <summary>
/// Belady's MIN, which knows the future: what is needed again last leaves, be it the newcomer. By entries nothing can do
/// better. By bytes the optimum can't be computed (it is NP-hard); this is the greedy variant, which can be beaten: what is
/// needed again last leaves until there is room.
/// </summary>
internal sealed class OptimumPolicy : IPolicy
{
    private readonly Bound _bound;
    private readonly int[] _nextUse;
    private readonly int[] _neededAt;

    // Sorted by when they are needed again; no two at the same time, except those never needed, which are not kept.
    private readonly SortedSet<(int NeededAt, int Key)> _kept = [];
    private long _size;
    private int _time;

    public OptimumPolicy(Bound bound)
    {
        _bound = bound;
        var accesses = bound.Workload.Accesses;
        _nextUse = new int[accesses.Length];
        _neededAt = new int[bound.Workload.Keys];
        Array.Fill(_neededAt, int.MaxValue);
        for (var i = accesses.Length - 1; i >= 0; i--)
        {
            _nextUse[i] = _neededAt[accesses[i]];
            _neededAt[accesses[i]] = i;
        }

        Array.Fill(_neededAt, -1);
    }

    public bool Access(int key)
    {
        var next = _nextUse[_time++];
        var size = _bound.Sizes[key];
        var isHit = _kept.Remove((_neededAt[key], key));
        if (isHit)
        {
            _size -= size;
        }

        _neededAt[key] = next;
        if (next != int.MaxValue)
        {
            _kept.Add((next, key));
            _size += size;
            while (_size > _bound.Limit)
            {
                var last = _kept.Max;
                _kept.Remove(last);
                _size -= _bound.Sizes[last.Key];
            }
        }

        return isHit;
    }
}
