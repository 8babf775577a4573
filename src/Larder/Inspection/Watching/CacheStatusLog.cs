using Larder.Diagnostics;
using Larder.Local;

namespace Larder.Inspection;

/// <summary>
/// What the caches of the process answered to one request of the app, which flows with it. Off unless somebody begins one.
/// </summary>
internal sealed class CacheStatusLog
{
    private const int Most = 16;
    private static readonly AsyncLocal<CacheStatusLog?> Flowing = new();
    private static int _isUsed;

    private readonly List<CacheStatus> _answers = [];

    /// <summary>The log of the request that runs; <see langword="null"/> if there is none.</summary>
    public static CacheStatusLog? Current => IsUsed ? Flowing.Value : null;

    /// <summary>Whether any was ever begun.</summary>
    public static bool IsUsed => Volatile.Read(ref _isUsed) != 0;

    /// <summary>The first answers, in their order.</summary>
    public IReadOnlyList<CacheStatus> Answers
    {
        get
        {
            lock (_answers)
            {
                return [.. _answers];
            }
        }
    }

    /// <summary>Begins a log for what runs from here on.</summary>
    public static CacheStatusLog Begin()
    {
        if (!IsUsed && Interlocked.Exchange(ref _isUsed, 1) == 0)
        {
            Audience.Join();
        }

        return Flowing.Value = new CacheStatusLog();
    }

    /// <summary>Notes an answer.</summary>
    public void Note(CacheNode node, string key, RequestResult result)
    {
        var entry = node.Local.Local.TryPeek(key, out var found) ? (CachedEntry)found : null;
        var status = new CacheStatus(
            (string)node.Telemetry.CacheTag.Value!,
            key,
            LarderEvents.LevelOf(result),
            IsStale: result == RequestResult.StaleHit,
            entry is null ? null : MonotonicClock.Until(entry.ExpiresIfUnread, node.Clock.Now));
        lock (_answers)
        {
            if (_answers.Count < Most)
            {
                _answers.Add(status);
            }
        }
    }
}

/// <summary>What a cache answered.</summary>
/// <param name="CacheName">The cache's name; empty for the default cache.</param>
/// <param name="Key">The key.</param>
/// <param name="Level">Where it was found; <see cref="CacheLevel.None"/> if it was not.</param>
/// <param name="IsStale">Whether it was an expired value.</param>
/// <param name="ExpiresIn">The time until it expires, as far as L1 knows it.</param>
internal readonly record struct CacheStatus(string CacheName, string Key, CacheLevel Level, bool IsStale, TimeSpan? ExpiresIn);
