namespace Larder.Inspection;

/// <summary>The last events of a node, numbered.</summary>
internal sealed class EventRing
{
    private const int Places = 1024;

    private readonly Lock _gate = new();
    private readonly LiveEvent[] _ring = new LiveEvent[Places];
    private long _last;

    public void Add(LiveEvent happened)
    {
        lock (_gate)
        {
            _ring[_last++ % Places] = happened;
        }
    }

    /// <summary>The events after a number; the last few of them for one that asks for the first time.</summary>
    /// <param name="number">The last number that was given; <see langword="null"/> for the first time.</param>
    public EventBatch After(long? number)
    {
        lock (_gate)
        {
            // A larger number is of an earlier watch.
            var from = number is { } known && known <= _last ? known : Math.Max(0, _last - 50);
            var first = Math.Max(from, _last - Places);
            var events = new LiveEvent[_last - first];
            for (var i = first; i < _last; i++)
            {
                events[i - first] = _ring[i % Places];
            }

            return new EventBatch(_last, first - from, events);
        }
    }
}
