using System.Globalization;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Layout;

/// <summary>An entry as <c>redis-cli hgetall</c> shows it.</summary>
internal sealed class Hash
{
    private readonly Dictionary<string, RedisValue> _fields;

    private Hash(Dictionary<string, RedisValue> fields, TimeSpan? timeToLive) => (_fields, TimeToLive) = (fields, timeToLive);

    public IEnumerable<string> Fields => _fields.Keys;

    public string Data => _fields["data"]!;

    public TimeSpan? TimeToLive { get; }

    public static async Task<Hash> ReadAsync(IDatabase database, string key) =>
        new((await database.HashGetAllAsync(key)).ToDictionary(field => (string)field.Name!, field => field.Value), await database.KeyTimeToLiveAsync(key));

    /// <summary>Checks what Microsoft's RedisCache would read and, by the key's expiration, what the server will do.</summary>
    public void AssertExpires(Expirations expirations)
    {
        if (expirations.Absolute() is { } absolute)
        {
            AssertAbout(DateTimeOffset.UtcNow + absolute, new DateTimeOffset(Ticks("absexp"), TimeSpan.Zero));
        }
        else
        {
            Assert.Equal("-1", _fields["absexp"]);
        }

        Assert.Equal((expirations.Sliding()?.Ticks ?? -1).ToString(CultureInfo.InvariantCulture), _fields["sldexp"]);
        Assert.Equal(expirations.TimeToLive() is null, TimeToLive is null);
        if (TimeToLive is { } timeToLive)
        {
            AssertAbout(DateTimeOffset.UtcNow + expirations.TimeToLive()!.Value, DateTimeOffset.UtcNow + timeToLive);
        }
    }

    private long Ticks(string field) => long.Parse((string)_fields[field]!, CultureInfo.InvariantCulture);

    private static void AssertAbout(DateTimeOffset expected, DateTimeOffset actual) =>
        Assert.InRange(actual, expected - TimeSpan.FromSeconds(20), expected + TimeSpan.FromSeconds(2));
}
