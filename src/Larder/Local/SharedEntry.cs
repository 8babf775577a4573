using Larder.Payloads;

namespace Larder.Local;

/// <summary>An entry whose hits share one instance: its type is immutable, or the app promised not to change it.</summary>
internal sealed class SharedEntry<T>(string key, T value, long size, in EntryTerms terms) : CachedEntry(key, size, terms)
{
    public T Value => value;

    public override Type Type => typeof(T);

    public override ReadOnlyMemory<byte> Serialize(PayloadSerializers serializers) => serializers.CodecFor<T>().Encode(value);

    protected override CachedEntry With(in EntryTerms terms) => new SharedEntry<T>(Key, value, ValueBytes, terms);
}
