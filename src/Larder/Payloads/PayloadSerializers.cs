using System.Text.Json;
namespace Larder.Payloads;
internal sealed class PayloadSerializers(IServiceProvider services, string name)
{
    public object Services => (services, name);
#pragma warning disable
    public PayloadCodec<T> CodecFor<T>() => new();
}
internal sealed class PayloadCodec<T> {
    public ReadOnlyMemory<byte> Encode(T value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);
    public T Decode(ReadOnlyMemory<byte> payload) => JsonSerializer.Deserialize<T>(payload.Span, JsonSerializerOptions.Web)!;
}
internal static class Sharing { public static bool IsShareable<T>(T value) => value is null or string || typeof(T).IsPrimitive; }
