using System.Globalization;
using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace Larder.Redis.Tests.Robustness;

/// <summary>Entries of all kinds, written by a cache and then read as they are stored.</summary>
internal static class Shelf
{
    private const string DeadTag = "dead";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(20);

    private static readonly (TimeSpan? Absolute, TimeSpan? Sliding, bool FailSafe)[] Terms =
    [
        (Hour, null, false), (null, Minutes, false), (Hour, Minutes, false),
        (Hour, null, true), (null, Minutes, true), (Hour, Minutes, true),
    ];

    /// <summary>Writes them.</summary>
    public static async Task<IReadOnlyList<StoredEntry>> FillAsync(Caches caches, IDatabase database, CancellationToken cancellationToken)
    {
        var shelf = new List<StoredEntry>();
        foreach (var kind in Enum.GetValues<PackingKind>())
        {
            await new Filling(caches, kind, database, shelf, cancellationToken).FillAsync();
        }

        // By any reader's estimate of the server's time.
        var past = shelf.Where(static entry => entry.Fate == Fate.Past).Max(static entry => long.Parse(entry.Hash["absexp"], CultureInfo.InvariantCulture));
        await Eventually.TrueAsync(() => DateTime.UtcNow.Ticks > past + TimeSpan.TicksPerSecond, message: "the short lives are over");
        return shelf;
    }

    private sealed class Filling(Caches caches, PackingKind kind, IDatabase database, List<StoredEntry> shelf, CancellationToken cancel)
    {
        private readonly LarderCache _cache = caches[kind];

        public async Task FillAsync()
        {
            await WriteUnverifiedAsync(Fate.Cleared);
            await WriteAllAsync(Fate.Cleared);
            await _cache.ClearAsync(cancel);
            await WriteAllAsync(Fate.Tagged);
            await _cache.RemoveByTagAsync(DeadTag, cancel);
            await WriteAllAsync(Fate.Alive);
            await WriteAllAsync(Fate.Expired);
            await WriteAllAsync(Fate.Past);
            await WriteUnverifiedAsync(Fate.Alive);
        }

        private async Task WriteAllAsync(Fate fate)
        {
            foreach (var terms in Terms.Where(terms => fate switch { Fate.Expired => terms.FailSafe, Fate.Past => terms is (not null, null, false), _ => true }))
            {
                await WriteAsync(fate, terms, [], hasValidators: false);
                await WriteAsync(fate, terms, ["a", "zwei 🥫"], hasValidators: true);
            }
        }

        private async Task WriteAsync(Fate fate, (TimeSpan? Absolute, TimeSpan? Sliding, bool FailSafe) terms, string[] tags, bool hasValidators)
        {
            var (key, value) = Next();
            var options = new LarderEntryOptions
            {
                Expiration = fate == Fate.Past ? TimeSpan.FromMilliseconds(200) : terms.Absolute,
                SlidingExpiration = terms.Sliding,
                FailSafe = terms.FailSafe ? new FailSafeOptions { MaximumDuration = Hour } : null,
            };
            await _cache.GetOrCreateAsync<string>(
                key,
                (context, _) =>
                {
                    if (hasValidators)
                    {
                        (context.ETag, context.LastModified) = ("\"v1\"", DateTimeOffset.UnixEpoch);
                    }

                    return ValueTask.FromResult(value);
                },
                options,
                fate == Fate.Tagged ? [.. tags, DeadTag] : tags,
                cancel);
            var hash = fate == Fate.Expired ? await ExpireAsync(key) : await ReadAsync(key);
            shelf.Add(new(kind, key, value, fate, Shorter(terms.Absolute, terms.Sliding), hash));
        }

        private async Task<IReadOnlyDictionary<string, byte[]>> ExpireAsync(string key)
        {
            await _cache.ExpireAsync(key, cancel);
            return await ReadAsync(key);
        }

        private async Task WriteUnverifiedAsync(Fate fate)
        {
            var (key, value) = Next();
            await caches.Distributed(kind).SetStringAsync(key, value, new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = Hour }, cancel);
            shelf.Add(new(kind, key, value, fate, Hour, await ReadAsync(key)) { IsUnverified = true });
        }

        private (string Key, string Value) Next() =>
            ($"key {shelf.Count}", string.Concat(Enumerable.Repeat($"value {shelf.Count} 🥫 ", 1 + (shelf.Count % 9))));

        private async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(string key)
        {
            var hash = await database.HashGetAllAsync($"{kind}:{key}");
            return hash.Length > 0
                ? hash.ToDictionary(static field => (string)field.Name!, static field => (byte[])field.Value!, StringComparer.Ordinal)
                : throw new InvalidOperationException($"'{key}' was not stored, or is gone already.");
        }

        private static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;
    }
}
