namespace Larder.Dashboard.Api;

/// <summary>What stands out on this node since somebody has been looking.</summary>
/// <param name="Since">Since when it is watched; nothing is, while nobody looks.</param>
/// <param name="Hot">Keys that are read most.</param>
/// <param name="Big">Keys with the largest values.</param>
/// <param name="NeverRead">Keys that were written and not read since.</param>
/// <param name="ShortLived">Keys whose time to live is shorter than, or close to, what their factory takes.</param>
/// <param name="Herds">Times at which many entries expire together.</param>
internal sealed record Insights(
    DateTimeOffset Since,
    IReadOnlyList<HotKey> Hot,
    IReadOnlyList<BigKey> Big,
    IReadOnlyList<NeverReadKey> NeverRead,
    IReadOnlyList<ShortLivedKey> ShortLived,
    IReadOnlyList<Herd> Herds);

/// <summary>A key that is read often.</summary>
/// <param name="Key">The key.</param>
/// <param name="Reads">About how many reads.</param>
/// <param name="Share">Its part of all reads, from 0 to 1.</param>
internal sealed record HotKey(string Key, long Reads, double Share);

/// <summary>A key with a large value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Size">Bytes.</param>
internal sealed record BigKey(string Key, long Size);

/// <summary>A key that was written and not read since.</summary>
/// <param name="Key">The key.</param>
/// <param name="Writes">How often it was written.</param>
/// <param name="WrittenAt">When last.</param>
internal sealed record NeverReadKey(string Key, long Writes, DateTimeOffset WrittenAt);

/// <summary>A key that hardly outlives the making of its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="LifetimeMs">Its time to live.</param>
/// <param name="FactoryMs">What the factory took.</param>
internal sealed record ShortLivedKey(string Key, double LifetimeMs, double FactoryMs);

/// <summary>Entries that expire within the same second.</summary>
/// <param name="At">When.</param>
/// <param name="Count">How many.</param>
/// <param name="Example">One of them.</param>
internal sealed record Herd(DateTimeOffset At, long Count, string? Example);
