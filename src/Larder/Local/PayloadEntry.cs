using Larder.Payloads;

namespace Larder.Local;

/// <summary>An entry that is deserialized at each hit, so that every caller gets its own copy; for another type it is a miss.</summary>
internal sealed class PayloadEntry<T>(string key, ReadOnlyMemory<byte> payload, long size, in EntryTerms terms)
    : CachedEntry(key, size, terms)
{
    public ReadOnlyMemory<byte> Payload => payload;

    public override Type Type => typeof(T);

    public override ReadOnlyMemory<byte> Serialize(PayloadSerializers serializers) => payload;

    protected override CachedEntry With(in EntryTerms terms) => new PayloadEntry<T>(Key, payload, ValueBytes, terms);
}
