using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>
/// Runs a script on many keys: in a cluster a script has all its keys in one slot, so there is one run for each slot that
/// the keys are in, all of them at once; elsewhere one run does.
/// </summary>
internal static class Shards
{
    // One script at a time runs on a server: nobody else shall wait for thousands of keys.
    private const int Largest = 1000;

    /// <summary>Runs the script.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="prefix">Goes in front of every key.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="run">Runs it on some of them, which it is given with their places among all.</param>
    /// <param name="split">Makes of an answer one result for each of its keys.</param>
    /// <returns>The results, in the order of the keys.</returns>
    public static async Task<T[]> RunAsync<T>(
        IDatabase database,
        string prefix,
        IReadOnlyList<string> keys,
        Func<RedisKey[], IReadOnlyList<int>, Task<RedisResult>> run,
        Func<RedisResult, int, T[]> split)
    {
        if (keys.Count == 1)
        {
            return split(await run([prefix + keys[0]], [0]).ConfigureAwait(false), 1);
        }

        var all = new T[keys.Count];
        var runs = Enumerable.Range(0, keys.Count)
            .GroupBy(index => SlotOf(database.Multiplexer, prefix + keys[index]))
            .SelectMany(static slot => slot.Chunk(Largest))
            .Select(indexes => (indexes, Answer: run(Array.ConvertAll(indexes, index => (RedisKey)(prefix + keys[index])), indexes)))
            .ToArray();
        await Task.WhenAll(runs.Select(static one => one.Answer)).ConfigureAwait(false);
        foreach (var (indexes, answer) in runs)
        {
            var results = split(await answer.ConfigureAwait(false), indexes.Length);
            for (var i = 0; i < indexes.Length; i++)
            {
                all[indexes[i]] = results[i];
            }
        }

        return all;
    }

    // The library gives -1 where there are no slots.
    private static int SlotOf(IConnectionMultiplexer multiplexer, RedisKey key) => multiplexer.HashSlot(key);
}
