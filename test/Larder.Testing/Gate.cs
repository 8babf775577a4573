namespace Larder.Testing;

/// <summary>
/// Forces a race: the code under test waits here until the test, having done what is to come first, lets it go on.
/// </summary>
/// <remarks>
/// Both sides give up with a <see cref="TimeoutException"/> after 30 seconds, so that a broken test fails and does not hang.
/// </remarks>
public sealed class Gate
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrivals;

    /// <summary>For the test: completes when somebody stands at the gate, or has passed it.</summary>
    public Task Reached => _reached.Task.WaitAsync(Limit);

    /// <summary>How many have come to the gate.</summary>
    public int Arrivals => Volatile.Read(ref _arrivals);

    /// <summary>For the test: lets everybody through, from now on.</summary>
    public void Open() => _open.TrySetResult();

    /// <summary>For the code under test: says that it is here and waits until the gate is open.</summary>
    public Task PassAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _arrivals);
        _reached.TrySetResult();
        return _open.Task.WaitAsync(Limit, cancellationToken);
    }
}
