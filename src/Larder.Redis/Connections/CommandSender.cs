using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Larder.Redis.Connections;

/// <summary>
/// Sends commands. A few go out at once; while those are under way, further ones are sent one after another by one thread of the pool.
/// Callers whom many answers let go on at the same time would otherwise wait for each other's turn to write, and send a packet each.
/// </summary>
/// <param name="send">Sends a command; one at a time.</param>
/// <param name="gate">Is held while some are sent.</param>
internal sealed class CommandSender<TCommand, TAnswer>(Func<IDatabaseAsync, TCommand, Task<TAnswer>> send, Lock gate) : IThreadPoolWorkItem
{
    // With fewer, a way through the pool costs more than it saves.
    private const int AtOnce = 8;

    // For so many the gate is taken once: who sends at once waits for no more of them.
    private const int AtATime = 16;

    private readonly ConcurrentQueue<Sending> _waiting = new();
    private int _underWay;
    private int _isQueued;

    /// <summary>Sends a command, as soon as the answer is awaited, which it must be, once.</summary>
    public Sending SendAsync(IDatabaseAsync database, TCommand command) => new Sending().Of(this, database, command);

    void IThreadPoolWorkItem.Execute()
    {
        // Before it takes any: who sees that one is queued knows that it will come for what is added.
        Interlocked.Exchange(ref _isQueued, 0);
        while (SendSome())
        {
        }
    }

    private bool SendSome()
    {
        lock (gate)
        {
            for (var i = 0; i < AtATime; i++)
            {
                if (!_waiting.TryDequeue(out var next))
                {
                    return false;
                }

                next.Send();
            }
        }

        return true;
    }

    private Task<TAnswer> Send(IDatabaseAsync database, TCommand command)
    {
        try
        {
            return send(database, command);
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
            lock (gate)
            {
                command.Send();
            }

            return;
        }

        _waiting.Enqueue(command);

        // Mostly it is queued, which is seen without taking the flag from the other threads.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isQueued) == 0 && Interlocked.Exchange(ref _isQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>
    /// A command, to be awaited. A task that ends when it is sent, and gives another for its answer, lets the caller go on twice.
    /// </summary>
    public sealed class Sending : ICriticalNotifyCompletion
    {
        private CommandSender<TCommand, TAnswer>? _sender;
        private IDatabaseAsync? _database;
        private TCommand? _command;
        private Task<TAnswer>? _answer;
        private Action? _goOn;

        public bool IsCompleted => false;

        /// <summary>Makes it the next command, once the last one's answer was taken.</summary>
        public Sending Of(CommandSender<TCommand, TAnswer> sender, IDatabaseAsync database, TCommand command)
        {
            (_sender, _database, _command) = (sender, database, command);
            return this;
        }

        public Sending GetAwaiter() => this;

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            _goOn = continuation;
            _sender!.Begin(this);
        }

        public TAnswer GetResult()
        {
            Interlocked.Decrement(ref _sender!._underWay);
            var answer = _answer!;
            (_sender, _database, _command, _answer) = (null, null, default, null);
            return answer.GetAwaiter().GetResult();
        }

        /// <summary>Sends it; nobody goes on here, but in the pool.</summary>
        internal void Send()
        {
            _answer = _sender!.Send(_database!, _command!);
            _answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_goOn!);
        }
    }
}
