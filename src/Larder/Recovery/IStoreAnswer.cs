using System.Runtime.CompilerServices;

namespace Larder.Recovery;

/// <summary>What the store has begun: an operation with a result, or one without.</summary>
internal interface IStoreAnswer<out T>
{
    /// <summary>Whether it has ended.</summary>
    bool IsCompleted { get; }

    /// <summary>Calls <paramref name="goOn"/> when it has ended.</summary>
    void OnCompleted(Action goOn);

    /// <summary>The result, or the fault; once, after the end.</summary>
    T GetResult();
}

/// <summary>An operation with a result.</summary>
internal readonly struct StoreAsk<T>(ValueTask<T> running) : IStoreAnswer<T>
{
    private readonly ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter _awaiter = running.ConfigureAwait(false).GetAwaiter();

    public bool IsCompleted => _awaiter.IsCompleted;

    public void OnCompleted(Action goOn) => _awaiter.UnsafeOnCompleted(goOn);

    public T GetResult() => _awaiter.GetResult();
}

/// <summary>An operation without a result.</summary>
internal readonly struct StoreChange(ValueTask running) : IStoreAnswer<bool>
{
    private readonly ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _awaiter = running.ConfigureAwait(false).GetAwaiter();

    public bool IsCompleted => _awaiter.IsCompleted;

    public void OnCompleted(Action goOn) => _awaiter.UnsafeOnCompleted(goOn);

    public bool GetResult()
    {
        _awaiter.GetResult();
        return true;
    }
}
