namespace Larder.Local;

/// <summary>An entry that is deserialized at each hit, so that every caller gets its own copy.</summary>
internal sealed class PayloadEntry(string key, ReadOnlyMemory<byte> payload, long size, in EntryTerms terms)
    : CachedEntry(key, size, terms)
{
    public ReadOnlyMemory<byte> Payload => payload;
}
