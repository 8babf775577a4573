namespace Larder.Local;

/// <summary>An entry that is deserialized at each hit, so that every caller gets its own copy.</summary>
internal sealed class PayloadEntry(string key, ReadOnlyMemory<byte> payload, long size) : CachedEntry(key, size)
{
    public ReadOnlyMemory<byte> Payload => payload;
}
