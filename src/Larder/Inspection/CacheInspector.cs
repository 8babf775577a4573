using Larder.Options;
using Larder.Reads;
using Larder.Stores;

namespace Larder.Inspection;

/// <summary>
/// What a person may want to know of a cache: of this node, of the other nodes, of what is in L2. It changes nothing, and
/// costs nothing while nobody asks.
/// </summary>
internal sealed class CacheInspector
{
    private readonly LarderCache _cache;
    private readonly CacheNode _node;
    private readonly Responder _responder;
    private readonly NodeTalk? _talk;
    private readonly KeyListing _keys;
    private readonly ValueReader _values;

    /// <summary>Makes the inspector of a cache.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="local">Its reads of L1.</param>
    /// <param name="store">Its reads of L2.</param>
    /// <param name="responder">Answers for this node.</param>
    /// <param name="talk">Asks the other nodes; <see langword="null"/> if there can be none, or the store carries no questions.</param>
    public CacheInspector(LarderCache cache, LocalReads local, StoreReads store, Responder responder, NodeTalk? talk)
    {
        _cache = cache;
        _node = cache.Node;
        _responder = responder;
        _talk = talk;
        _keys = new KeyListing((IKeySource?)StoreKeys.Of(_node, store) ?? new LocalKeys(_node, local));
        _values = new ValueReader(_node);
    }

    /// <summary>The cache's name; empty for the default cache.</summary>
    public string CacheName => _cache.Name;

    /// <summary>This node's id.</summary>
    public string NodeId => _cache.NodeId;

    /// <summary>What the store can do; <see langword="null"/> if the cache has none.</summary>
    public StoreCapabilities? Capabilities => _node.Line?.Store.Capabilities;

    /// <summary>What this node says of itself. Counting begins with the first question, and ends a minute after the last.</summary>
    public NodeReport Report() => _responder.Answer(new() { Kind = QuestionKind.Report }).Report!;

    /// <summary>What all nodes say of themselves.</summary>
    /// <param name="deadline">How long to wait for them.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    public Task<NodeAnswers<NodeReport>> ReportsAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync(new() { Kind = QuestionKind.Report }, static answer => answer.Report, deadline, cancellationToken);

    /// <summary>What all nodes know of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="deadline">How long to wait for them.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not acceptable as a key.</exception>
    public async Task<KeyReport> ExplainAsync(string key, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var others = await AskOthersAsync(new() { Kind = QuestionKind.Key, Key = key }, static answer => answer.Key, deadline, cancellationToken)
            .ConfigureAwait(false);
        var own = await _cache.ExplainAsync(key, cancellationToken).ConfigureAwait(false);
        var now = _node.Clock.Now;
        var nodes = With(own, [.. others.Select(node => AsOf(now, node))]);
        var hasStore = _node.Line is not null;
        var behind = KeySentence.Behind(nodes, hasStore);
        return new() { Key = key, Nodes = nodes, Behind = behind, Summary = KeySentence.Of(nodes, behind, hasStore) };
    }

    /// <summary>What has happened on all nodes since.</summary>
    /// <param name="after">For each node that was asked before, the last number it gave.</param>
    /// <param name="deadline">How long to wait for them.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    public Task<NodeAnswers<EventBatch>> EventsAsync(
        IReadOnlyDictionary<string, long> after, TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync(new() { Kind = QuestionKind.Events, After = after }, static answer => answer.Events, deadline, cancellationToken);

    /// <summary>What is worth a look on each node.</summary>
    /// <param name="deadline">How long to wait for them.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    public Task<NodeAnswers<Insights>> InsightsAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync(new() { Kind = QuestionKind.Insights }, static answer => answer.Insights, deadline, cancellationToken);

    /// <summary>Lists keys: one page, for which a bounded number of them is looked at.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The cursor is none that an earlier page gave.</exception>
    /// <exception cref="StoreUnavailableException">L2 can't be reached.</exception>
    /// <exception cref="TimeoutException">L2 does not answer.</exception>
    public ValueTask<KeyPage> KeysAsync(KeyQuery query, CancellationToken cancellationToken) => _keys.ListAsync(query, cancellationToken);

    /// <summary>Groups the keys that begin with a prefix by their next part.</summary>
    /// <param name="prefix">The prefix; empty for all keys.</param>
    /// <param name="cursor">Where an earlier page ended; <see langword="null"/> for the beginning.</param>
    /// <param name="budget">How many keys are looked at, at most.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <inheritdoc cref="KeysAsync" path="/exception"/>
    public ValueTask<KeyTree> TreeAsync(string prefix, string? cursor, int budget, CancellationToken cancellationToken) =>
        _keys.GroupAsync(prefix, cursor, budget, cancellationToken);

    /// <summary>Counts the entries that a removal of a tag would hit.</summary>
    /// <param name="tag">The tag; <c>*</c> for all entries.</param>
    /// <param name="cursor">Where an earlier count ended; <see langword="null"/> for the beginning.</param>
    /// <param name="budget">How many keys are looked at, at most.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <inheritdoc cref="KeysAsync" path="/exception"/>
    public ValueTask<TagCount> CountTaggedAsync(string tag, string? cursor, int budget, CancellationToken cancellationToken) =>
        _keys.CountAsync(tag, cursor, budget, cancellationToken);

    /// <summary>Reads the value of a key; <see langword="null"/> if there is none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="maximumBytes">A larger one is not read.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <inheritdoc cref="KeysAsync" path="/exception"/>
    public ValueTask<StoredValue?> ValueAsync(string key, long maximumBytes, CancellationToken cancellationToken)
    {
        KeyRules.CheckKey(key, _node.Options.MaximumKeyLength);
        return _values.ReadAsync(key, maximumBytes, cancellationToken);
    }

    /// <summary>The last invalidations of tags that this node made or heard of, the newest first.</summary>
    public IReadOnlyList<TagNote> Tags()
    {
        var now = Moment.Of(_node.Clock);
        return [.. _node.History.LastTags().Select(note => new TagNote(note.Subject, now.At(note.At), note.Node, note.Kind == LarderEventKind.ExpireTag))];
    }

    /// <summary>The settings in force.</summary>
    public IReadOnlyList<Setting> Settings() => SettingsReader.Read(_node.Options);

    /// <summary>Settings that contradict each other, or surely don't mean what they say.</summary>
    public IReadOnlyList<string> Findings() => [.. OptionsAnalysis.Find(_node.Options, Capabilities)];

    private async Task<NodeAnswers<T>> AskAsync<T>(Question question, Func<Answer, T?> pick, TimeSpan deadline, CancellationToken cancellationToken)
        where T : class
    {
        var others = AskOthersAsync(question, pick, deadline, cancellationToken);
        var own = pick(_responder.Answer(question))!;
        return With(own, await others.ConfigureAwait(false));
    }

    private async Task<IReadOnlyList<NodeAnswer<T>>> AskOthersAsync<T>(
        Question question, Func<Answer, T?> pick, TimeSpan deadline, CancellationToken cancellationToken)
        where T : class
    {
        if (_talk is null || _node.Line is { IsDown: true })
        {
            return [];
        }

        try
        {
            return await _talk.AskAsync(question, pick, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StoreFault(_node.Log, "ask other nodes", fault);
            return [];
        }
    }

    // The ages of all copies at one moment: some nodes answer a second later than others.
    private static NodeAnswer<KeyExplanation> AsOf(long now, NodeAnswer<KeyExplanation> node) =>
        node.Answer is { Local: { Age: { } age } copy } answer
            ? node with { Answer = answer with { Local = copy with { Age = age + TimeSpan.FromMilliseconds(now - node.ReceivedAt) } } }
            : node;

    private NodeAnswers<T> With<T>(T own, IReadOnlyList<NodeAnswer<T>> others)
        where T : class =>
        new([new() { NodeId = NodeId, IsThis = true, Answer = own, Card = _responder.Card() }, .. others]);
}
