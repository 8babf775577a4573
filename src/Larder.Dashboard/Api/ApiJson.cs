using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Larder.Inspection;

namespace Larder.Dashboard.Api;

/// <summary>How the API's JSON is written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(CamelCaseEnum<CacheLevel>), typeof(CamelCaseEnum<FeedLossReason>), typeof(CamelCaseEnum<KeyState>),
        typeof(CamelCaseEnum<LarderEventKind>), typeof(CamelCaseEnum<MissReason>), typeof(CamelCaseEnum<ScanSource>),
        typeof(CamelCaseEnum<StoreState>), typeof(CamelCaseEnum<ValueKind>),
    ])]
[JsonSerializable(typeof(ActionDone))]
[JsonSerializable(typeof(CacheList))]
[JsonSerializable(typeof(Configuration))]
[JsonSerializable(typeof(Insights))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(KeyAction))]
[JsonSerializable(typeof(KeyDetails))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(KeyTree))]
[JsonSerializable(typeof(KeyValue))]
[JsonSerializable(typeof(LiveEvent))]
[JsonSerializable(typeof(LiveSampling))]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(Permissions))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(TagAction))]
[JsonSerializable(typeof(TagCount))]
[JsonSerializable(typeof(TagList))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Writes an enum as its name in camel case.</summary>
/// <typeparam name="T">The enum.</typeparam>
internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
