using Larder.Schedules.Control;

namespace Larder;

/// <summary>What would go on in the thread pool goes on as an actor.</summary>
internal sealed class TaskCompletionSource<T>(TaskCreationOptions options)
    : System.Threading.Tasks.TaskCompletionSource<T>(options & ~TaskCreationOptions.RunContinuationsAsynchronously)
{
    public new bool TrySetResult(T result) => Completion.Hand(() => base.TrySetResult(result));

    public new bool TrySetException(Exception fault) => Completion.Hand(() => base.TrySetException(fault));

    public new bool TrySetCanceled(CancellationToken cancellationToken) => Completion.Hand(() => base.TrySetCanceled(cancellationToken));
}

/// <summary>As above, without a value.</summary>
internal sealed class TaskCompletionSource(TaskCreationOptions options)
    : System.Threading.Tasks.TaskCompletionSource(options & ~TaskCreationOptions.RunContinuationsAsynchronously)
{
    public new bool TrySetResult() => Completion.Hand(base.TrySetResult);
}

/// <summary>What is queued runs as an actor.</summary>
internal static class ThreadPool
{
    public static void UnsafeQueueUserWorkItem(IThreadPoolWorkItem item, bool preferLocal)
    {
        if (Scheduler.Running is { } scheduler)
        {
            scheduler.Spawn("continuation", item.Execute);
        }
        else
        {
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal);
        }
    }

    public static void UnsafeQueueUserWorkItem<T>(Action<T> run, T state, bool preferLocal)
    {
        if (Scheduler.Running is { } scheduler)
        {
            scheduler.Spawn("continuation", () => run(state));
        }
        else
        {
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(run, state, preferLocal);
        }
    }
}

/// <summary>Cancels at once, and not in the thread pool.</summary>
internal sealed class CancellationTokenSource : System.Threading.CancellationTokenSource
{
    public CancellationTokenSource()
    {
    }

    public CancellationTokenSource(TimeSpan delay, TimeProvider timeProvider)
        : base(delay, timeProvider)
    {
    }

    public new Task CancelAsync()
    {
        Cancel();
        return Task.CompletedTask;
    }
}

internal static class Completion
{
    public static bool Hand(Func<bool> complete)
    {
        if (Scheduler.Running is not { } scheduler)
        {
            return complete();
        }

        scheduler.Spawn("continuation", () => complete());
        return true;
    }
}
