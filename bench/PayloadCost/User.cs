using MemoryPack;
using MessagePack;
using ProtoBuf;

namespace PayloadCost;

/// <summary>A row such as apps cache.</summary>
[MessagePackObject]
[MemoryPackable]
[ProtoContract(SkipConstructor = true)]
public sealed partial record User(
    [property: Key(0), ProtoMember(1)] int Id,
    [property: Key(1), ProtoMember(2)] string Name,
    [property: Key(2), ProtoMember(3)] string Email,
    [property: Key(3), ProtoMember(4)] string City,
    [property: Key(4), ProtoMember(5)] DateTime SeenAt,
    [property: Key(5), ProtoMember(6)] decimal Balance)
{
    private static readonly string[] Names = ["Amara", "Bruno", "Chen", "Dalia", "Emil", "Farah", "Goran", "Hana", "Idris", "Jonas"];
    private static readonly string[] Families = ["Okafor", "Silva", "Wei", "Haddad", "Nowak", "Rahimi", "Petrov", "Sato", "Diallo", "Lind"];
    private static readonly string[] Cities = ["Lagos", "Porto", "Chengdu", "Beirut", "Gdynia", "Shiraz", "Split", "Osaka", "Dakar", "Malmö"];

    public static User[] Some(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(1, count).Select(id =>
        {
            var (name, family) = (Names[random.Next(10)], Families[random.Next(10)]);
            return new User(
                id,
                $"{name} {family}",
                $"{name}.{family}{id}@example.com".ToLowerInvariant(),
                Cities[random.Next(10)],
                DateTime.UnixEpoch.AddSeconds(random.Next()),
                random.Next(1_000_000) / 100m);
        })];
    }
}
