using System.Diagnostics;
using System.Globalization;
using Larder;
using Microsoft.Extensions.DependencyInjection;

namespace Scale.Entries;

/// <summary>A cache in memory alone with so many entries, each with one of a thousand tags. Nobody but the cache holds keys and values.</summary>
internal sealed class FilledCache : IAsyncDisposable
{
    /// <summary>How many tags there are; a key's number says which it has.</summary>
    public const int Tags = 1000;

    private static readonly string[][] TagsOf = [.. Enumerable.Range(0, Tags).Select(static number => new[] { TagOf(number) })];
    private static readonly LarderEntryOptions OneHour = new() { Expiration = TimeSpan.FromHours(1) };

    private readonly ServiceProvider _services;

    private FilledCache(int entries)
    {
        // As large as may be, so that nothing is evicted.
        _services = new ServiceCollection().AddLarder(static options =>
        {
            options.Local.MaximumEntries = 100_000_000;
            options.Local.MaximumBytes = long.MaxValue;
        }).Services.BuildServiceProvider();
        Cache = _services.GetRequiredService<LarderCache>();
        Entries = entries;
    }

    public LarderCache Cache { get; }

    public int Entries { get; }

    /// <summary>The heap's growth for each entry, with key, value and tag.</summary>
    public double Bytes { get; private set; }

    /// <summary>The longest that a Set took while the cache was filled, in ms, apart from the pauses of garbage collections.</summary>
    public double LongestSet { get; private set; }

    public static string TagOf(int number) => string.Create(CultureInfo.InvariantCulture, $"team:{number % Tags}");

    public static async Task<FilledCache> CreateAsync(int entries)
    {
        var filled = new FilledCache(entries);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < entries; i++)
        {
            var (key, value) = (Keys.Of(i), ValueOf(i));
            var (paused, start) = (GC.GetTotalPauseDuration(), Stopwatch.GetTimestamp());
            await filled.SetAsync(key, value, i);
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed.TotalMilliseconds > filled.LongestSet)
            {
                elapsed -= GC.GetTotalPauseDuration() - paused;
                filled.LongestSet = Math.Max(filled.LongestSet, elapsed.TotalMilliseconds);
            }
        }

        filled.Bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / entries;
        return filled;
    }

    public static string ValueOf(int number) => string.Create(CultureInfo.InvariantCulture, $"value {number}");

    /// <summary>Reads what must be there.</summary>
    public void Hit(ReadOnlySpan<char> key)
    {
        var hit = Cache.GetOrCreateAsync<int, string>(key, 0, static (_, _) => throw new InvalidOperationException("Not to be called."));
        if (!hit.IsCompletedSuccessfully || hit.Result is null)
        {
            throw new InvalidOperationException($"{key} was no hit.");
        }
    }

    public void Hit(Keys keys)
    {
        for (var i = 0; i < Keys.Count; i++)
        {
            Hit(keys[i]);
        }
    }

    public ValueTask SetAsync(string key, string value, int number) => Cache.SetAsync(key, value, OneHour, TagsOf[number % Tags]);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
