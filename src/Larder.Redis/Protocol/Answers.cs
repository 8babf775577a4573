namespace Larder.Redis.Protocol;

/// <summary>For operations whose answer says nothing.</summary>
internal static class Answers
{
    public static ValueTask Ignore<T>(this ValueTask<T> operation) =>
        operation.IsCompletedSuccessfully ? default : new ValueTask(operation.AsTask());
}
