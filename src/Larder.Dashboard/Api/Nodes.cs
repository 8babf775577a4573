using Larder.Inspection;

namespace Larder.Dashboard.Api;

/// <summary>Which nodes were asked, and which did not answer in time.</summary>
/// <param name="Known">The nodes that were heard of lately, this one included.</param>
/// <param name="Answered">How many of them answered.</param>
/// <param name="Silent">Those that did not.</param>
internal sealed record NodesAsked(int Known, int Answered, IReadOnlyList<SilentNode> Silent)
{
    public static NodesAsked Of<T>(NodeAnswers<T> answers)
        where T : class => new(
        answers.Nodes.Count,
        answers.Answered,
        [
            .. answers.Nodes.Where(static node => node.Answer is null)
                .Select(static node => new SilentNode(node.NodeId, node.Card?.At, node.Card?.Trust.IsTrusted)),
        ]);
}

/// <summary>A node that was heard of lately, and did not answer.</summary>
/// <param name="Id">The node.</param>
/// <param name="LastHeardAt">When it was last heard of, by its own clock; left out if unknown.</param>
/// <param name="WasTrusted">Whether it trusted its L1 then.</param>
internal sealed record SilentNode(string Id, DateTimeOffset? LastHeardAt, bool? WasTrusted);
