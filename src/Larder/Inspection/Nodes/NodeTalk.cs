using System.Collections.Concurrent;
using System.Globalization;
using Larder.Stores;

namespace Larder.Inspection;

/// <summary>
/// Asks the other nodes, and answers them. Every node listens, and leaves a card in L2 every few seconds, by which a silent
/// one is known; one that hears nothing of the feed looks for the last question itself, at each pulse.
/// </summary>
internal sealed class NodeTalk : IDisposable
{
    private const int MostAnswersUnderWay = 16;
    private static readonly TimeSpan CardPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1.5);

    // A node whose card is older is not waited for; one whose card is much older is gone.
    private static readonly TimeSpan CardIsOld = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CardIsForgotten = TimeSpan.FromMinutes(2);

    private readonly CacheNode _node;
    private readonly INodeMessenger _messenger;
    private readonly Responder _responder;
    private readonly ConcurrentDictionary<string, Conversation> _open = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly RecentIds _answered = new();
    private Task _beat = Task.CompletedTask;
    private bool _isListening;
    private long _cardAt = long.MinValue;
    private long _lastId;
    private int _answering;

    public NodeTalk(CacheNode node, INodeMessenger messenger, Responder responder)
    {
        _node = node;
        _messenger = messenger;
        _responder = responder;
    }

    /// <summary>Called at each pulse that came through; it does not wait.</summary>
    public void Beat()
    {
        if (_beat.IsCompleted)
        {
            _beat = BeatAsync();
        }
    }

    /// <summary>Asks all nodes.</summary>
    /// <param name="question">The question.</param>
    /// <param name="pick">What is wanted of an answer.</param>
    /// <param name="deadline">How long to wait for those that are known and were heard of lately.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <returns>The other nodes, by their ids.</returns>
    public async Task<IReadOnlyList<NodeAnswer<T>>> AskAsync<T>(
        Question question, Func<Answer, T?> pick, TimeSpan deadline, CancellationToken cancellationToken)
        where T : class
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{_node.NodeId}:{Interlocked.Increment(ref _lastId)}");
        var conversation = _open[id] = new Conversation(_node.Clock);
        try
        {
            var asked = new NodeMessage { Id = id, From = _node.NodeId, Question = question };
            var sending = BoundAsync(_messenger.AskAsync(asked.Write(), deadline, cancellationToken));
            var cards = await ReadCardsAsync(cancellationToken).ConfigureAwait(false);
            await sending.ConfigureAwait(false);
            var now = _node.Clock.Provider.GetUtcNow();
            conversation.Expect(cards.Values.Where(card => now - card.At < CardIsOld).Select(static card => card.NodeId));
            await WaitAsync(conversation.Complete, deadline, cancellationToken).ConfigureAwait(false);
            var answers = conversation.Answers;
            return [.. answers.Keys.Union(cards.Keys).Order(StringComparer.Ordinal).Select(node => new NodeAnswer<T>
            {
                NodeId = node,
                Answer = answers.TryGetValue(node, out var given) ? pick(given.Answer) : null,
                ReceivedAt = given.At,
                Card = cards.GetValueOrDefault(node),
            })];
        }
        finally
        {
            _open.TryRemove(id, out _);
        }
    }

    /// <summary>Ends it; what was asked goes unanswered.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task BeatAsync()
    {
        try
        {
            if (!_isListening)
            {
                await BoundAsync(_messenger.ListenAsync(Receive, _stop.Token)).ConfigureAwait(false);
                _isListening = true;
            }

            var now = _node.Clock.Now;
            if (now >= _cardAt)
            {
                _cardAt = MonotonicClock.After(now, CardPeriod);
                await BoundAsync(_messenger.AnnounceAsync(NodeMessage.Write(_responder.Card()), _stop.Token)).ConfigureAwait(false);
            }

            if (_node.Feed?.LastEcho is not { } echo || now > MonotonicClock.After(echo.At, Silence))
            {
                Receive(await BoundAsync(_messenger.ReadQuestionAsync(_stop.Token)).ConfigureAwait(false));
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Nobody's read or write depends on it, and the next pulse tries again.
            Log.StoreFault(_node.Log, "speak with other nodes", fault);
        }
        catch (OperationCanceledException)
        {
        }
    }

    // On the thread that brings the feed: the work is done elsewhere, and too much of it is not done at all.
    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || _stop.IsCancellationRequested)
        {
            return;
        }

        if (Interlocked.Increment(ref _answering) > MostAnswersUnderWay)
        {
            Interlocked.Decrement(ref _answering);
            return;
        }

        _ = Task.Run(async () =>
        {
            try
            {
                await ReceiveAsync(bytes).ConfigureAwait(false);
            }
            catch (Exception fault)
            {
                Log.StoreFault(_node.Log, "answer another node", fault);
            }
            finally
            {
                Interlocked.Decrement(ref _answering);
            }
        });
    }

    private async Task ReceiveAsync(ReadOnlyMemory<byte> bytes)
    {
        if (NodeMessage.Parse(bytes.Span) is not { } message || message.From == _node.NodeId)
        {
            return;
        }

        if (message.Answer is { } given)
        {
            if (_open.TryGetValue(message.Id, out var conversation))
            {
                conversation.Add(message.From, given);
            }
        }
        else if (message.Question is { } question && _answered.Add(message.Id))
        {
            var answer = new NodeMessage { Id = message.Id, From = _node.NodeId, Answer = _responder.Answer(question) };
            await BoundAsync(_messenger.AnswerAsync(message.From, answer.Write(), _stop.Token)).ConfigureAwait(false);
        }
    }

    private async Task<Dictionary<string, NodeCard>> ReadCardsAsync(CancellationToken cancellationToken)
    {
        var now = _node.Clock.Provider.GetUtcNow();
        var cards = new Dictionary<string, NodeCard>(StringComparer.Ordinal);
        var forgotten = new List<string>();
        foreach (var (node, bytes) in await BoundAsync(_messenger.ReadNodesAsync(cancellationToken)).ConfigureAwait(false))
        {
            if (NodeMessage.ParseCard(bytes.Span) is not { } card || now - card.At > CardIsForgotten)
            {
                forgotten.Add(node);
            }
            else if (node != _node.NodeId)
            {
                cards[node] = card;
            }
        }

        if (forgotten.Count > 0)
        {
            await BoundAsync(_messenger.ForgetAsync(forgotten, cancellationToken)).ConfigureAwait(false);
        }

        return cards;
    }

    private async Task WaitAsync(Task complete, TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            await complete.WaitAsync(deadline, _node.Clock.Provider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }

    // It is no operation of the cache: that it takes long opens no circuit.
    private Task BoundAsync(ValueTask operation) => operation.AsTask().WaitAsync(_node.Options.StoreTimeout, _node.Clock.Provider);

    private Task<T> BoundAsync<T>(ValueTask<T> operation) => operation.AsTask().WaitAsync(_node.Options.StoreTimeout, _node.Clock.Provider);

    /// <summary>The answers to one question.</summary>
    private sealed class Conversation(MonotonicClock clock)
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, (Answer Answer, long At)> _answers = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string[]? _expected;

        public Task Complete => _complete.Task;

        public IReadOnlyDictionary<string, (Answer Answer, long At)> Answers
        {
            get
            {
                lock (_gate)
                {
                    return new Dictionary<string, (Answer Answer, long At)>(_answers, StringComparer.Ordinal);
                }
            }
        }

        public void Expect(IEnumerable<string> nodes)
        {
            lock (_gate)
            {
                _expected = [.. nodes];
                CompleteIfAll_NeedsLock();
            }
        }

        public void Add(string node, Answer answer)
        {
            lock (_gate)
            {
                _answers[node] = (answer, clock.Now);
                CompleteIfAll_NeedsLock();
            }
        }

        private void CompleteIfAll_NeedsLock()
        {
            if (_expected is not null && Array.TrueForAll(_expected, _answers.ContainsKey))
            {
                _complete.TrySetResult();
            }
        }
    }

    /// <summary>The ids of the last questions: one that was heard and found as well is answered once.</summary>
    private sealed class RecentIds
    {
        private const int Kept = 64;

        private readonly Lock _gate = new();
        private readonly Queue<string> _ids = new();

        public bool Add(string id)
        {
            lock (_gate)
            {
                if (_ids.Contains(id))
                {
                    return false;
                }

                _ids.Enqueue(id);
                if (_ids.Count > Kept)
                {
                    _ids.Dequeue();
                }

                return true;
            }
        }
    }
}
