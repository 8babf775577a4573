namespace Larder.Feed;

/// <summary>The last number heard of each publisher, to find out that a message of its was missed.</summary>
internal sealed class Publishers(MonotonicClock clock)
{
    private const int Many = 1024;
    private static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Heard> _heard = new(StringComparer.Ordinal);

    /// <summary>Notes a message.</summary>
    /// <param name="publisher">Who sent it.</param>
    /// <param name="number">Its number.</param>
    /// <param name="isRepeat">Whether the message only repeats the last number.</param>
    /// <returns>
    /// Whether messages before it were missed. So it is, to be safe, with a publisher that was never heard of but has
    /// already published. Numbers that come twice or late are none.
    /// </returns>
    public bool Misses(string publisher, long number, bool isRepeat)
    {
        var now = clock.Now;
        var known = _heard.TryGetValue(publisher, out var heard);
        var next = known ? heard.Number + 1 : 1;
        if (!known && _heard.Count >= Many)
        {
            ForgetSilent(now);
        }

        _heard[publisher] = new Heard(Math.Max(number, heard.Number), now);
        return number > (isRepeat ? next - 1 : next);
    }

    private void ForgetSilent(long now)
    {
        var since = now - (long)Silence.TotalMilliseconds;
        foreach (var publisher in _heard.Where(pair => pair.Value.At < since).Select(pair => pair.Key).ToArray())
        {
            _heard.Remove(publisher);
        }
    }

    private readonly record struct Heard(long Number, long At);
}
