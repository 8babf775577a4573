namespace HitRatio.Policies;

/// <summary>Exact LRU.</summary>
internal sealed class LruPolicy(Bound bound) : IPolicy
{
    private readonly LinkedListNode<int>?[] _nodes = new LinkedListNode<int>?[bound.Workload.Keys];
    private readonly LinkedList<int> _order = [];
    private long _size;

    public bool Access(int key)
    {
        if (_nodes[key] is { } node)
        {
            _order.Remove(node);
            _order.AddLast(node);
            return true;
        }

        var size = bound.Sizes[key];
        if (size > bound.Limit)
        {
            return false;
        }

        for (; _size + size > bound.Limit; _order.RemoveFirst())
        {
            var oldest = _order.First!.Value;
            _size -= bound.Sizes[oldest];
            _nodes[oldest] = null;
        }

        _nodes[key] = _order.AddLast(key);
        _size += size;
        return false;
    }
}
