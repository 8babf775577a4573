using System.Text;
using Larder.Redis.Protocol;
using Larder.Stores;
using RESPite.Messages;

namespace Larder.Redis.Tests.Robustness;

/// <summary>Real stores whose reads find, for one test case, a hash that no server has to hold for it.</summary>
internal sealed class InjectedReads
{
    private readonly AsyncLocal<IReadOnlyDictionary<string, byte[]>?> _hash = new();

    /// <summary>Reads with a hash in the place of what the server has.</summary>
    public async Task<T> WithAsync<T>(IReadOnlyDictionary<string, byte[]> hash, Func<ValueTask<T>> read)
    {
        _hash.Value = hash;
        return await read();
    }

    /// <summary>The store of a cache.</summary>
    public ILarderStore Wrap(ILarderStore store, StoreContext context) => new Store(store, context, this);

    private sealed class Store(ILarderStore store, StoreContext context, InjectedReads reads) : DelegatingStore(store)
    {
        private readonly ServerClock _clock = ClockOf(context.TimeProvider);

        public override ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken) => reads._hash.Value is { } hash
            ? new(EntryLayout.Parse(context.KeyPrefix + key, new EntryFields(new RespReader(ReplyOf(hash))), _clock))
            : base.ReadAsync(key, cancellationToken);

        // The server is on this machine.
        private static ServerClock ClockOf(TimeProvider time)
        {
            var clock = new ServerClock(time);
            clock.Set(0, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            return clock;
        }

        // As a server answers HGETALL.
        private static byte[] ReplyOf(IReadOnlyDictionary<string, byte[]> hash) =>
        [
            .. Encoding.UTF8.GetBytes($"%{hash.Count}\r\n"),
            .. hash.SelectMany(static field => (byte[])[.. Bulk(Encoding.UTF8.GetBytes(field.Key)), .. Bulk(field.Value)]),
        ];

        private static byte[] Bulk(byte[] text) => [.. Encoding.UTF8.GetBytes($"${text.Length}\r\n"), .. text, .. "\r\n"u8];
    }
}
