namespace Larder.Local;

/// <summary>
/// Keeps garbage collections short where they are long because of what L1 stores. A collection of the young generations moves
/// all that was stored since the one before, and by itself the runtime calls for one after tens of thousands of entries, which can
/// take a tenth of a second. So where one took longer than the goal, L1 calls for the next ones, after so many stores as take half
/// of it, and after more again while they are much shorter. Until one is too long it calls for none. Its callers take turns.
/// </summary>
internal sealed class CollectionPace(TimeSpan goal, IYoungGenerations young, MonotonicClock clock)
{
    /// <summary>How many stores are between two collections that it calls for, at least: with fewer, it isn't they that take the time.</summary>
    public const int LeastStores = 1024;

    /// <summary>After how many stores it looks whether there was a collection.</summary>
    public const int Step = 256;

    // A collection of generation 1, every fourth or so, takes three times as long as those of generation 0 before it: if the pace
    // were loosened by these alone, that one would miss the goal.
    private const double Aim = 0.5;
    private const double Short = 0.25;
    private const double Loosening = 1.25;

    // The pauses that it calls for take a twentieth of the time, at most.
    private const int ShareOfTime = 20;

    private const int MostInVain = 3;
    private const double None = double.PositiveInfinity;

    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private int _untilStep = Step;
    private int _collections = young.Collections;
    private YoungCollection _last = young.Last;
    private long _lastAt;
    private long _stores;
    private double _limit = None;
    private bool _isCalledFor;
    private long _called;
    private TimeSpan _before;
    private int _inVain;
    private long _restsUntil;

    /// <summary>How many collections it has called for.</summary>
    public long Called => Volatile.Read(ref _called);

    /// <summary>An entry was stored.</summary>
    public void Add()
    {
        if (--_untilStep == 0)
        {
            _untilStep = Step;
            _stores += Step;
            Look();
        }
    }

    private void Look()
    {
        var collections = young.Collections;
        if (collections != _collections)
        {
            // Of several since the last look nobody knows after how many stores each came.
            var last = young.Last;
            if (collections == _collections + 1 && last.Number != _last.Number && clock.Now >= _restsUntil)
            {
                Learn(last.Pause);
            }

            (_collections, _last, _lastAt) = (collections, last, clock.Now);
            (_stores, _isCalledFor) = (0, false);
        }
        else if (_stores >= _limit && !_isCalledFor && clock.Now - _lastAt >= ShareOfTime * _last.Pause.TotalMilliseconds)
        {
            _isCalledFor = true;
            Volatile.Write(ref _called, _called + 1);
            young.Collect();
        }
    }

    private void Learn(TimeSpan pause)
    {
        if (pause <= goal)
        {
            _inVain = 0;
            if (pause < Short * goal && _stores >= _limit)
            {
                _limit *= Loosening;
            }
        }
        else if (_stores >= LeastStores)
        {
            Tighten(pause);
        }
    }

    private void Tighten(TimeSpan pause)
    {
        if (_limit == None)
        {
            _before = pause;
        }

        if (_limit == LeastStores && pause > _before / 2 && ++_inVain == MostInVain)
        {
            // They have another cause, and more of them would be no gain.
            (_limit, _inVain, _restsUntil) = (None, 0, MonotonicClock.After(clock.Now, Rest));
        }
        else
        {
            _limit = Math.Max(LeastStores, _stores * Aim * (goal / pause));
        }
    }
}
