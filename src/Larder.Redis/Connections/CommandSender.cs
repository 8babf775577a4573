using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Larder.Redis.Connections;

/// <summary>
/// Sends commands. A few go out at once; while those are under way, further ones are sent one after another by one thread of the pool.
/// Callers whom many answers let go on at the same time would otherwise wait for each other's turn to write, and send a packet each.
/// </summary>
/// <param name="send">Sends a command; one at a time.</param>
/// <param name="gate">Is held while one is sent.</param>
internal sealed class CommandSender<TCommand, TAnswer>(Func<IDatabaseAsync, TCommand, Task<TAnswer>> send, Lock gate) : IThreadPoolWorkItem
{
    // With fewer, a way through the pool costs more than it saves.
    private const int AtOnce = 8;

    private readonly ConcurrentQueue<Sending> _waiting = new();
    private int _underWay;
    private int _isQueued;

    /// <summary>Sends a command, as soon as the answer is awaited, which it must be, once.</summary>
    public Sending SendAsync(IDatabaseAsync database, TCommand command) => new(this, database, command);

    void IThreadPoolWorkItem.Execute()
    {
        // Before it takes any: who sees that one is queued knows that it will come for what is added.
        Interlocked.Exchange(ref _isQueued, 0);
        while (_waiting.TryDequeue(out var next))
        {
            next.Send();
        }
    }

    private Task<TAnswer> Send(IDatabaseAsync database, TCommand command)
    {
        try
        {
            lock (gate)
            {
                return send(database, command);
            }
        }
        catch (Exception fault)
        {
            return Task.FromException<TAnswer>(fault);
        }
    }

    private void Begin(Sending command)
    {
        if (Interlocked.Increment(ref _underWay) <= AtOnce)
        {
            command.Send();
            return;
        }

        _waiting.Enqueue(command);
        if (Interlocked.Exchange(ref _isQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>
    /// A command, to be awaited. A task that ends when it is sent, and gives another for its answer, lets the caller go on twice.
    /// </summary>
    public sealed class Sending(CommandSender<TCommand, TAnswer> sender, IDatabaseAsync database, TCommand command) : ICriticalNotifyCompletion
    {
        private Task<TAnswer>? _answer;
        private Action? _goOn;

        public bool IsCompleted => false;

        public Sending GetAwaiter() => this;

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            _goOn = continuation;
            sender.Begin(this);
        }

        public TAnswer GetResult()
        {
            Interlocked.Decrement(ref sender._underWay);
            return _answer!.GetAwaiter().GetResult();
        }

        /// <summary>Sends it; nobody goes on here, but in the pool.</summary>
        internal void Send()
        {
            _answer = sender.Send(database, command);
            _answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_goOn!);
        }
    }
}
