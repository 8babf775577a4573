namespace RedisMemory;

/// <summary>What is written.</summary>
internal static class Load
{
    public const int Entries = 10_000;
    public const int PayloadBytes = 1024;

    public static readonly IReadOnlyList<Shape> Shapes =
    [
        new("absolute", TimeSpan.FromHours(1), null, null),
        new("sliding", null, TimeSpan.FromMinutes(20), null),
        new("both", TimeSpan.FromHours(1), TimeSpan.FromMinutes(20), null),
        new("absolute, two tags", TimeSpan.FromHours(1), null, ["users", "tenant-7"]),
    ];

    public static string Key(int number) => $"user:{number:D8}";

    /// <summary>Bytes that no two entries share.</summary>
    public static byte[] Payload(int number)
    {
        var payload = new byte[PayloadBytes];
        new Random(number).NextBytes(payload);
        return payload;
    }
}

/// <summary>How the entries expire, and the tags that Larder's carry; RedisCache knows none.</summary>
internal sealed record Shape(string Name, TimeSpan? Absolute, TimeSpan? Sliding, string[]? Tags);
