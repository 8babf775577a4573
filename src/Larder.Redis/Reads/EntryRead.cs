using System.Threading.Tasks.Sources;
using Larder.Redis.Connections;
using Larder.Redis.Protocol;
using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Reads;

/// <summary>A read of one entry under way. Every hit in L2 is one, and an asynchronous method costs more.</summary>
internal sealed class EntryRead : IValueTaskSource<StoreEntry?>
{
    [ThreadStatic]
    private static EntryRead? t_free;

    private readonly Action _onReply;
    private readonly CommandSender<string, RespResult>.Sending _sending = new();
    private ManualResetValueTaskSourceCore<StoreEntry?> _end;
    private EntryReader? _reader;
    private string? _name;

    private EntryRead() => _onReply = OnReply;

    /// <summary>Sends the read.</summary>
    public static ValueTask<StoreEntry?> StartAsync(
        EntryReader reader, CommandSender<string, RespResult> sender, IDatabase database, string name)
    {
        var read = t_free ?? new EntryRead();
        t_free = null;
        (read._reader, read._name) = (reader, name);
        var answer = new ValueTask<StoreEntry?>(read, read._end.Version);
        read._sending.Of(sender, database, name).UnsafeOnCompleted(read._onReply);
        return answer;
    }

    StoreEntry? IValueTaskSource<StoreEntry?>.GetResult(short token)
    {
        var entry = _end.GetResult(token);
        _end.Reset();
        t_free = this;
        return entry;
    }

    ValueTaskSourceStatus IValueTaskSource<StoreEntry?>.GetStatus(short token) => _end.GetStatus(token);

    void IValueTaskSource<StoreEntry?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _end.OnCompleted(continuation, state, token, flags);

    private void OnReply()
    {
        var (reader, name) = (_reader!, _name!);
        (_reader, _name) = (null, null);
        StoreEntry? entry;
        try
        {
            using var reply = _sending.GetResult();
            entry = reader.Parse(name, reply);
        }
        catch (RedisServerException fault) when (EntryReader.IsOfAnotherKind(fault))
        {
            entry = EntryLayout.Unreadable;
        }
        catch (Exception fault)
        {
            _end.SetException(reader.Translate(fault));
            return;
        }

        _end.SetResult(entry);
    }
}
