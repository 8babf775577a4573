using Larder.Reads;

namespace Larder.Flights;

/// <summary>A flight for values of one type: what its callers wait for, and may get in the place of a new value.</summary>
internal class Flight<T>(FlightKey id, FlightTerms terms) : Flight(id, terms)
{
    // Most flights have one caller, who waits for the run itself: they do without it.
    private Answer<T>? _answer;

    /// <summary>What the callers that joined wait for.</summary>
    public ValueTask<Loaded<T>> Answer => new(Source, 0);

    /// <summary>The same, for callers that wait in ways of their own.</summary>
    public Answer<T> Source
    {
        get
        {
            if (Volatile.Read(ref _answer) is { } answer)
            {
                return answer;
            }

            var made = new Answer<T>();
            return Interlocked.CompareExchange(ref _answer, made, null) ?? made;
        }
    }

    /// <summary>Whether those that wait have an answer.</summary>
    public bool IsAnswered => Volatile.Read(ref _answer) is { IsComplete: true };

    /// <summary>What L2 had, and has expired.</summary>
    public Fallback<T>? Fallback { get; set; }

    /// <summary>Answers all that wait; the first answer counts.</summary>
    public bool Complete(in Loaded<T> loaded) => Source.TryComplete(loaded);

    /// <summary>Lets all that wait fail, unless they have an answer.</summary>
    public void Fail(Exception fault) => Source.TryFail(fault);

    /// <summary>
    /// Whether anybody waits besides the caller who runs it, or may yet ask for what to wait for. If not, nobody joins any more.
    /// </summary>
    public bool IsAwaited() => Volatile.Read(ref _answer) is not null || !TryClose();
}
