using Larder.Explaining;
using Larder.Reads;

namespace Larder.Inspection;

/// <summary>Answers questions about this node.</summary>
internal sealed class Responder(CacheNode node, LocalReads local, StoreReads store)
{
    private readonly Explainer _explainer = new(node, local, store);
    private readonly NodeReporter _reporter = new(node);
    private readonly InsightReader _insights = new(node);

    /// <summary>The answer to a question of this node, or of another one.</summary>
    public Answer Answer(Question question) => question switch
    {
        { Kind: QuestionKind.Report } => new() { Report = _reporter.Report() },
        { Kind: QuestionKind.Key, Key: { } key } => new() { Key = _explainer.ExplainLocally(key) },
        { Kind: QuestionKind.Events } => new() { Events = node.Watch().Events.After(Last(question)) },
        { Kind: QuestionKind.Insights } => new() { Insights = _insights.Read() },
        _ => new(),
    };

    /// <summary>What this node leaves in L2.</summary>
    public NodeCard Card() => _reporter.Card();

    private long? Last(Question question) => question.After is { } after && after.TryGetValue(node.NodeId, out var last) ? last : null;
}
