using System.Diagnostics.CodeAnalysis;
using Larder.Schedules.Control;

namespace Larder;

/// <summary>The framework's map, with a point before each operation.</summary>
internal sealed class ConcurrentDictionary<TKey, TValue>(IEqualityComparer<TKey>? comparer = null)
    : System.Collections.Concurrent.ConcurrentDictionary<TKey, TValue>(1, 7, comparer ?? EqualityComparer<TKey>.Default)
    where TKey : notnull
{
    public new TValue this[TKey key]
    {
        get
        {
            Scheduler.Point("map");
            return base[key];
        }

        set
        {
            Scheduler.Point("map");
            base[key] = value;
        }
    }

    public new bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        Scheduler.Point("map");
        return base.TryGetValue(key, out value);
    }

    public new bool ContainsKey(TKey key)
    {
        Scheduler.Point("map");
        return base.ContainsKey(key);
    }

    public new bool TryAdd(TKey key, TValue value)
    {
        Scheduler.Point("map");
        return base.TryAdd(key, value);
    }

    public new bool TryUpdate(TKey key, TValue value, TValue comparison)
    {
        Scheduler.Point("map");
        return base.TryUpdate(key, value, comparison);
    }

    public new bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        Scheduler.Point("map");
        return base.TryRemove(key, out value);
    }

    public new bool TryRemove(KeyValuePair<TKey, TValue> item)
    {
        Scheduler.Point("map");
        return base.TryRemove(item);
    }

    public new TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        Scheduler.Point("map");
        return base.GetOrAdd(key, make);
    }
}
