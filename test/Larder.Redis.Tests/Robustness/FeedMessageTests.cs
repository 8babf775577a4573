using System.Text;
using CsCheck;
using Larder.Redis.Feed;
using Larder.Stores;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Robustness;

/// <summary>Whatever arrives on the feed's channels.</summary>
public sealed class FeedMessageTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private static readonly Gen<string> Good = Gen.OneOf(
        "a 1 set key", "a -1 set key", "a 2 commit key with spaces", "a 3 none ", "a 4 repeat ", "a 5 tag 0123456789abcdef 7 tag", "a 6 release k", "a 7 expire k", "a 8 remove 🥫");

    private static readonly Gen<byte[]> Message = Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.Select(Good, Damage.Of("x"), static (good, damages) =>
            Damage.Apply(damages, new Dictionary<string, byte[]> { ["x"] = Encoding.UTF8.GetBytes(good) }, new Dictionary<string, byte[]>())
                .GetValueOrDefault("x", [])));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void TryParse_AnyMessage_NeverThrowsAndNumbersAreNone() => Message.Sample(
        static message => !FeedFormat.TryParse(Encoding.UTF8.GetString(message), out var parsed)
            || (parsed.Number >= 0 && parsed.Stamp.Number >= 0 && (parsed.Change == FeedChange.Tag) == (parsed.Stamp.Generation is not null)),
        iter: 100_000);

    [Fact]
    public async Task AnyMessages_CacheGoesOnAndHearsOfInvalidations()
    {
        await using var reader = await Node.StartAsync(fixture.Server.Configuration);
        await using var writer = await Node.StartAsync(fixture.Server.Configuration);
        var subscriber = fixture.Database.Multiplexer.GetSubscriber();
        var channels = (string[])["larder:feed", $"larder:echo:{reader.Cache.Node.NodeId}"];

        await Gen.Select(Message, Gen.OneOf(channels)).Array[1, 30].SampleAsync(
            async messages =>
            {
                foreach (var (message, channel) in messages)
                {
                    await subscriber.PublishAsync(RedisChannel.Literal(channel), message);
                }

                await reader.Cache.SetAsync("key", "old", cancellationToken: Cancel);
                Assert.Equal("old", (await reader.Cache.TryGetAsync<string>("key", Cancel)).Value);
                await writer.Cache.SetAsync("key", "new", cancellationToken: Cancel);
                await Eventually.TrueAsync(async () => (await reader.Cache.TryGetAsync<string>("key", Cancel)).Value == "new");
            },
            iter: 100,
            threads: 1);

        // It is trusted again without help.
        await Eventually.TrueAsync(() => reader.Cache.Node.Trust.IsTrusted(reader.Cache.Node.Clock.Now));
    }
}
