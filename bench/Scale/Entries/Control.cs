using System.Collections.Concurrent;

namespace Scale.Entries;

/// <summary>The same keys and values in a dictionary: what it takes longer among more of them is the memory's business.</summary>
internal sealed class Control
{
    private readonly ConcurrentDictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public Control(int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            _values[Keys.Of(i)] = FilledCache.ValueOf(i);
        }

        _lookup = _values.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public void Hit(Keys keys)
    {
        for (var i = 0; i < Keys.Count; i++)
        {
            if (!_lookup.TryGetValue(keys[i], out _))
            {
                throw new InvalidOperationException($"{keys[i]} is not there.");
            }
        }
    }
}
