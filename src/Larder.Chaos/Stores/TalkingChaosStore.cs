using Larder.Chaos.Faults;
using Larder.Stores;

namespace Larder.Chaos.Stores;

/// <summary>One that carries questions and answers between nodes.</summary>
internal class TalkingChaosStore(ILarderStore store, INodeMessenger messenger, LarderChaos chaos, TimeProvider time)
    : ChaosStore(store, chaos, time), INodeMessenger
{
    public ValueTask ListenAsync(Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken) =>
        Once(OperationClass.Feed, () => messenger.ListenAsync(receive, cancellationToken), cancellationToken);

    public ValueTask AskAsync(ReadOnlyMemory<byte> question, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => messenger.AskAsync(question, timeToLive, cancellationToken), cancellationToken);

    public ValueTask AnswerAsync(string nodeId, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => messenger.AnswerAsync(nodeId, answer, cancellationToken), cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> ReadQuestionAsync(CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => messenger.ReadQuestionAsync(cancellationToken), cancellationToken);

    public ValueTask AnnounceAsync(ReadOnlyMemory<byte> card, CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => messenger.AnnounceAsync(card, cancellationToken), cancellationToken);

    public ValueTask ForgetAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => messenger.ForgetAsync(nodeIds, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadNodesAsync(CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => messenger.ReadNodesAsync(cancellationToken), cancellationToken);
}
