namespace Larder.Inspection;

/// <summary>Keys whose value lives no longer than its factory took, the last few of them.</summary>
internal sealed class ShortLives
{
    private const int Places = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ShortLivedKey> _keys = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>A factory has made a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="lifetime">How long it will live; <see langword="null"/> for ever.</param>
    /// <param name="factory">How long it took.</param>
    public void Note(string key, TimeSpan? lifetime, TimeSpan factory)
    {
        if (lifetime is not { } lives || lives > factory)
        {
            return;
        }

        lock (_gate)
        {
            if (!_keys.ContainsKey(key))
            {
                _order.Enqueue(key);
                if (_order.Count > Places)
                {
                    _keys.Remove(_order.Dequeue());
                }
            }

            _keys[key] = new ShortLivedKey(key, lives, factory);
        }
    }

    public IReadOnlyList<ShortLivedKey> Read()
    {
        lock (_gate)
        {
            return [.. _keys.Values.OrderByDescending(static key => key.Factory / key.Lifetime)];
        }
    }
}
