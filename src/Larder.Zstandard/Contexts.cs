using System.Collections.Concurrent;

namespace Larder.Zstandard;

/// <summary>Contexts that are used again, one a processor at most; what is beyond that is disposed.</summary>
internal sealed class Contexts<T>(Func<T> create)
    where T : class, IDisposable
{
    private readonly ConcurrentBag<T> _idle = [];

    public T Take() => _idle.TryTake(out var context) ? context : create();

    public void Return(T context)
    {
        if (_idle.Count < Environment.ProcessorCount)
        {
            _idle.Add(context);
        }
        else
        {
            context.Dispose();
        }
    }
}
