using System.Security.Cryptography;
using Larder.Stores;
using Microsoft.Extensions.Caching.Distributed;

namespace Larder.Distributed;

/// <summary>
/// The tag clock in a provider that can't count: a record that holds the clock, and one for each tag that was ever
/// invalidated, read, changed and written back.
/// </summary>
/// <remarks>
/// In one process it counts exactly. Of two nodes that invalidate tags at the same moment, each may count on from what was
/// there before both, so that an entry loaded between the two can count as newer than both:
/// <see cref="StoreCapabilities.AtomicTags"/> is what is missing. The numbers grow by random strides, so that the two take
/// different ones and everybody sees that the clock has changed, twice.
/// Without the clock's record (first use, flush, eviction) a new generation begins and every entry is invalid; the
/// eviction of a single tag's record can't be seen, and forgets that tag's invalidations. A tag's record does not name
/// its tag: where a provider takes two tags for one, both are invalidated.
/// </remarks>
internal sealed class DistributedTagClock(DistributedProvider provider, DistributedKeys keys) : IDisposable
{
    // Far, but not "never": SQL Server's provider lets what has no expiration slide away in 20 minutes.
    private static readonly DistributedCacheEntryOptions Forever = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(3650) };

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _lock = new();
    private TagStamp _latest;

    public void Dispose() => _writing.Dispose();

    /// <summary>Reads the clock first, then the tags: a number that comes between is larger than the clock, not hidden by it.</summary>
    public async ValueTask<TagReading> ReadAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var now = await TryReadClockAsync(cancellationToken).ConfigureAwait(false)
            ?? await ReadOrBeginAsync(cancellationToken).ConfigureAwait(false);
        return await ReadTagsAsync(now, tags, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// As <see cref="ReadAsync"/> without tags. Where a slower node has set the clock back, it moves on beyond both, which
    /// tells everybody to ask for the tags again.
    /// </summary>
    public async ValueTask<TagReading> PulseAsync(CancellationToken cancellationToken)
    {
        var known = Latest();
        var blob = await provider.GetAsync(keys.Clock, cancellationToken).ConfigureAwait(false);
        if (TagStampEnvelope.Read(blob) is not { } read)
        {
            return await ReadAsync([], cancellationToken).ConfigureAwait(false);
        }

        if (read.Generation == known.Generation && read.Number < known.Number)
        {
            return new TagReading(await MoveOnAsync(cancellationToken).ConfigureAwait(false), []);
        }

        return new TagReading(Observe(read), []);
    }

    /// <summary>Writes the tags first, then the clock: until all of it is written, what anybody loads counts as older.</summary>
    public async ValueTask<TagReading> InvalidateAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = await ReadOrBegin_NeedsWritingAsync(cancellationToken).ConfigureAwait(false);
            var before = await ReadTagsAsync(now, tags, cancellationToken).ConfigureAwait(false);
            var after = now with { Number = Math.Max(now.Number, before.Numbers.DefaultIfEmpty().Max()) + Stride() };
            foreach (var tag in tags)
            {
                await WriteAsync(keys.Tag(tag), after, cancellationToken).ConfigureAwait(false);
            }

            await WriteAsync(keys.Clock, after, cancellationToken).ConfigureAwait(false);
            return new TagReading(Observe(after), [.. Enumerable.Repeat(after.Number, tags.Count)]);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask<TagReading> ReadTagsAsync(TagStamp now, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var numbers = new long[tags.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            var blob = await provider.GetAsync(keys.Tag(tags[i]), cancellationToken).ConfigureAwait(false);
            numbers[i] = TagStampEnvelope.Read(blob) switch
            {
                { } stamp when stamp.Generation == now.Generation => stamp.Number,
                null when !blob.IsEmpty => now.Number, // A record that can't be read may have been an invalidation.
                _ => 0,
            };
        }

        return new TagReading(now, numbers);
    }

    private async ValueTask<TagStamp?> TryReadClockAsync(CancellationToken cancellationToken)
    {
        var blob = await provider.GetAsync(keys.Clock, cancellationToken).ConfigureAwait(false);
        return TagStampEnvelope.Read(blob) is { } stamp ? Observe(stamp) : null;
    }

    private async ValueTask<TagStamp> ReadOrBeginAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ReadOrBegin_NeedsWritingAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask<TagStamp> ReadOrBegin_NeedsWritingAsync(CancellationToken cancellationToken)
    {
        if (await TryReadClockAsync(cancellationToken).ConfigureAwait(false) is { } now)
        {
            return now;
        }

        var begun = new TagStamp(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), 0);
        await WriteAsync(keys.Clock, begun, cancellationToken).ConfigureAwait(false);

        // Another node may have begun one at the same time; the provider kept one of the two.
        return await TryReadClockAsync(cancellationToken).ConfigureAwait(false) ?? Observe(begun);
    }

    private async ValueTask<TagStamp> MoveOnAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var latest = Latest();
            var next = latest with { Number = latest.Number + Stride() };
            await WriteAsync(keys.Clock, next, cancellationToken).ConfigureAwait(false);
            return Observe(next);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static int Stride() => Random.Shared.Next(1, 1 << 20);

    private ValueTask WriteAsync(string key, TagStamp stamp, CancellationToken cancellationToken) =>
        provider.SetAsync(key, TagStampEnvelope.Write(stamp), default, Forever, cancellationToken);

    private TagStamp Latest()
    {
        lock (_lock)
        {
            return _latest;
        }
    }

    /// <summary>Within a generation the clock never goes back for this node, whatever a late answer or a slower node says.</summary>
    private TagStamp Observe(TagStamp stamp)
    {
        lock (_lock)
        {
            return stamp.Generation == _latest.Generation && stamp.Number < _latest.Number ? _latest : _latest = stamp;
        }
    }
}
