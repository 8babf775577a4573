namespace Larder.Stores;

/// <summary>
/// What a store may implement besides <see cref="ILarderStore"/>: it carries questions and answers between the nodes of a
/// cache, for those who look at it. They go beside the feed and have no numbers: losing one loses nothing but itself.
/// </summary>
public interface INodeMessenger
{
    /// <summary>Begins to report what comes for this node. Called once, after <see cref="ILarderStore.StartAsync"/> has succeeded.</summary>
    /// <param name="receive">Told of each message; it returns at once and never throws.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    ValueTask ListenAsync(Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a question to all nodes that listen, and leaves it for <paramref name="timeToLive"/> where those that don't hear
    /// find it (<see cref="ReadQuestionAsync"/>); the next one takes its place.
    /// </summary>
    ValueTask AskAsync(ReadOnlyMemory<byte> question, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Sends an answer to one node.</summary>
    ValueTask AnswerAsync(string nodeId, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken);

    /// <summary>The question that was left by <see cref="AskAsync"/>; empty if there is none.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadQuestionAsync(CancellationToken cancellationToken);

    /// <summary>Puts this node's card into the list of nodes, in the place of its last one.</summary>
    ValueTask AnnounceAsync(ReadOnlyMemory<byte> card, CancellationToken cancellationToken);

    /// <summary>Takes cards out of the list.</summary>
    ValueTask ForgetAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellationToken);

    /// <summary>Reads the list of nodes.</summary>
    ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadNodesAsync(CancellationToken cancellationToken);
}
