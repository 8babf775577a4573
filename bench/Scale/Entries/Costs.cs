using System.Diagnostics;

namespace Scale.Entries;

/// <summary>
/// What operations on a filled cache take, in ns. A figure is that of a thousand operations: so short that most of them pass
/// without a garbage collection, and without another process on the core.
/// </summary>
internal sealed class Costs
{
    private const int Rounds = 300;

    // All in all, half of the tags.
    private const int TagRounds = 25;
    private const int TagsOfRound = FilledCache.Tags / 2 / TagRounds;

    private readonly Random _random = new(1);
    private readonly Keys _keys = new();

    /// <summary>A hit of any key.</summary>
    public Sample Hit { get; } = new();

    /// <summary>A hit among the first thousand keys.</summary>
    public Sample HotHit { get; } = new();

    /// <summary>As <see cref="Hit"/>, of the dictionary.</summary>
    public Sample ControlHit { get; } = new();

    /// <summary>As <see cref="HotHit"/>, of the dictionary.</summary>
    public Sample HotControlHit { get; } = new();

    /// <summary>A Set of any key; it has a value already.</summary>
    public Sample Set { get; } = new();

    /// <summary>A RemoveByTag, of a tag that a thousandth of the entries have.</summary>
    public Sample RemoveByTag { get; } = new();

    /// <summary>The first hit of a key after that, of a thousand that have other tags.</summary>
    public Sample FirstHit { get; } = new();

    /// <summary>The second.</summary>
    public Sample SecondHit { get; } = new();

    public async Task MeasureSetsAsync(FilledCache cache)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var items = Enumerable.Range(0, Keys.Count).Select(_ => _random.Next(cache.Entries))
                .Select(static number => (Key: Keys.Of(number), Value: FilledCache.ValueOf(number), Number: number)).ToArray();
            var start = Stopwatch.GetTimestamp();
            foreach (var item in items)
            {
                await cache.SetAsync(item.Key, item.Value, item.Number);
            }

            Set.AddSince(start, Keys.Count);
        }
    }

    public void MeasureHits(FilledCache cache, Control control)
    {
        for (var round = 0; round < Rounds; round++)
        {
            Measure(cache.Hit, cache.Entries, Hit);
            Measure(control.Hit, cache.Entries, ControlHit);
            MeasureHot(cache.Hit, HotHit);
            MeasureHot(control.Hit, HotControlHit);
        }
    }

    /// <summary>Invalidates half of the tags: the cache is to be used for nothing else any more.</summary>
    public async Task MeasureTagsAsync(FilledCache cache)
    {
        // Keys of the other half; in the smallest cache each of them twice.
        const int kept = FilledCache.Tags / 2;
        for (var i = 0; i < Keys.Count; i++)
        {
            _keys.Write(i, ((i / kept * FilledCache.Tags) + kept + (i % kept)) % cache.Entries);
        }

        for (var round = 0; round < TagRounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var tag = round * TagsOfRound; tag < (round + 1) * TagsOfRound; tag++)
            {
                await cache.Cache.RemoveByTagAsync(FilledCache.TagOf(tag));
            }

            RemoveByTag.AddSince(start, TagsOfRound);
            await CheckAsync(cache, round * TagsOfRound);
            Measure(cache.Hit, FirstHit);
            Measure(cache.Hit, SecondHit);
        }
    }

    private static async Task CheckAsync(FilledCache cache, int number)
    {
        if ((await cache.Cache.TryGetAsync<string>(Keys.Of(number))).Found)
        {
            throw new InvalidOperationException($"{Keys.Of(number)} is there after its tag was removed.");
        }
    }

    private void Measure(Action<Keys> hit, int drawnFrom, Sample hits)
    {
        _keys.Draw(_random, drawnFrom);
        Measure(hit, hits);
    }

    // Twice, of which the second time counts: the first brings what the hits of any key have driven out of the processor's cache.
    private void MeasureHot(Action<Keys> hit, Sample hits)
    {
        _keys.Draw(_random, Keys.Count);
        hit(_keys);
        Measure(hit, hits);
    }

    private void Measure(Action<Keys> hit, Sample hits)
    {
        var start = Stopwatch.GetTimestamp();
        hit(_keys);
        hits.AddSince(start, Keys.Count);
    }
}
