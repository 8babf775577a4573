using System.Text;
using StackExchange.Redis;

namespace L2;

/// <summary>What those have in common who read fields of hashes, the value first, by the commands alone.</summary>
internal static class BareReads
{
    /// <summary>Reads several keys by commands that are sent together.</summary>
    public static async Task BatchAsync(IDatabase database, string[] keys, RedisValue[] fields)
    {
        var batch = database.CreateBatch();
        var reads = Array.ConvertAll(keys, key => batch.HashGetAsync(key, fields));
        batch.Execute();
        foreach (var found in await Task.WhenAll(reads))
        {
            _ = Text(found);
        }
    }

    /// <summary>The value, where all fields are there.</summary>
    public static string Text(RedisValue[] found) => Array.Exists(found, static field => field.IsNull)
        ? throw new InvalidOperationException("Not a hit.")
        : Encoding.UTF8.GetString(((ReadOnlyMemory<byte>)found[0]).Span);
}
