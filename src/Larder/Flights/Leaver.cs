using System.Threading.Tasks.Sources;

namespace Larder.Flights;

/// <summary>A caller that waits for an answer only until its token is cancelled.</summary>
internal sealed class Leaver<T> : IValueTaskSource<Loaded<T>>
{
    private readonly Answer<T> _answer;
    private readonly CancellationToken _token;
    private readonly CancellationTokenRegistration _registration;
    private Action<object?>? _goOn;
    private object? _state;
    private bool _hasLeft;

    public Leaver(Answer<T> answer, CancellationToken token)
    {
        (_answer, _token) = (answer, token);
        _registration = token.UnsafeRegister(static leaver => ((Leaver<T>)leaver!).Leave(), this);
    }

    /// <summary>Where it waits, once it does; the answer's lock guards it.</summary>
    public int? Place { get; set; }

    /// <summary>Whether it has left without the answer; set under the answer's lock.</summary>
    public bool HasLeft
    {
        get => Volatile.Read(ref _hasLeft);
        set => Volatile.Write(ref _hasLeft, value);
    }

    public ValueTaskSourceStatus GetStatus(short token) => HasLeft ? ValueTaskSourceStatus.Canceled : _answer.GetStatus(token);

    public Loaded<T> GetResult(short token)
    {
        _registration.Unregister();
        return HasLeft ? Task.FromCanceled<Loaded<T>>(_token).GetAwaiter().GetResult() : _answer.GetResult(token);
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        (_goOn, _state) = (continuation, state);
        if (!_answer.TryAdd(new(static leaver => ((Leaver<T>)leaver!).GoOn(), this), this))
        {
            ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: true);
        }
    }

    private void Leave()
    {
        if (_answer.TryRemove(this))
        {
            GoOn();
        }
    }

    private void GoOn() => _goOn!(_state);
}
