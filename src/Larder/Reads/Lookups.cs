using Larder.Diagnostics;
using Larder.Local;
using Larder.Overflow;
using Larder.Policies;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Reads;

/// <summary>Looks up, in the overflow and in L2, what is not in L1, without a factory. What can't be found, or read, is not there.</summary>
internal sealed class Lookups(CacheNode node, LocalReads local, StoreReads reads, OverflowReads? overflow)
{
    /// <summary>A value that was found.</summary>
    public static CacheResult<T> Result<T>(T value, CachedEntry entry, CacheLevel level, long now) => new()
    {
        Value = value,
        Level = level,
        Age = entry.WrittenAt is { } written ? TimeSpan.FromMilliseconds(Math.Max(0, now - written)) : null,
        ExpiresIn = MonotonicClock.Until(entry.ExpiresIfUnread, now),
    };

    // Of a copy that was to leave L1 before it expires, only that time is over.
    private static CacheResult<T> Expired<T>(T value, CachedEntry entry, CacheLevel level, long now) =>
        Result(value, entry, level, now) with { IsExpired = entry.ExpiresIfUnread <= now };

    /// <summary>Finds a value; the type's default if there is none.</summary>
    public async ValueTask<T> FindValueAsync<T>(string key, EntryPolicy policy, CancellationToken cancellationToken) =>
        (await FindAsync<T>(key, policy, cancellationToken).ConfigureAwait(false)).Value!;

    /// <summary>Finds a value.</summary>
    public async ValueTask<CacheResult<T>> FindAsync<T>(string key, EntryPolicy policy, CancellationToken cancellationToken)
    {
        if (overflow?.Find<T>(key, policy) is { } overflowed
            && await overflow.ReadAsync<T>(overflowed, cancellationToken).ConfigureAwait(false) is { } hit)
        {
            return Result(hit.Value, hit.Entry, CacheLevel.L1, node.Clock.Now);
        }

        // Before it is looked whether L2 may be asked: what is invalidated in between is not stored.
        var mark = node.Local.Capture(key);
        if (!CanAsk(key, policy))
        {
            return ExpiredInLocal<T>(key, policy);
        }

        try
        {
            var answer = await reads.ReadAsync<T>(node.Line!, new(key, mark, policy), cancellationToken).ConfigureAwait(false);
            return Take(answer, new(key, mark, policy));
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StoreFault(node.Log, "read", fault);
            return ExpiredInLocal<T>(key, policy);
        }
    }

    /// <summary>Finds several values that neither L1 nor the overflow has, and adds them to <paramref name="found"/>.</summary>
    public async ValueTask FindManyAsync<TId, T>(
        IReadOnlyList<Wanted<TId>> wanted, Dictionary<TId, T> found, CancellationToken cancellationToken)
        where TId : notnull
    {
        var asked = new List<Wanted<TId>>(wanted.Count);
        var requests = new List<ReadRequest>(wanted.Count);
        foreach (var one in wanted)
        {
            var mark = node.Local.Capture(one.Key);
            if (CanAsk(one.Key, one.Policy))
            {
                asked.Add(one);
                requests.Add(new ReadRequest(one.Key, mark, one.Policy));
            }
            else
            {
                AddExpired(one, found);
            }
        }

        if (asked.Count == 0)
        {
            return;
        }

        try
        {
            var answers = await reads.ReadManyAsync<T>(node.Line!, requests, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < answers.Length; i++)
            {
                if (Take(answers[i], requests[i]) is { Found: true } taken)
                {
                    found[asked[i].Id] = taken.Value!;
                }
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StoreFault(node.Log, "read", fault);
            asked.ForEach(one => AddExpired(one, found));
        }
    }

    private bool CanAsk(string key, EntryPolicy policy) =>
        node.Line is { IsDown: false }
        && !node.Undelivered.CoversKey(key)
        && !policy.Has(HybridCacheEntryFlags.DisableDistributedCacheRead);

    // What L2 says counts, also that there is nothing.
    private CacheResult<T> Take<T>(StoreAnswer<T> answer, in ReadRequest request)
    {
        if (answer is { State: StoreState.Hit, Entry: { IsExpired: false } entry })
        {
            if (!request.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
            {
                node.Local.Store(entry, request.Mark);
            }

            node.Count(entry, RequestResult.L2Hit);
            return Result(answer.Value!, entry, CacheLevel.L2, node.Clock.Now);
        }

        if (request.Policy.ReadsExpired && answer is { State: StoreState.Hit or StoreState.Expired, Entry: { } expired })
        {
            node.Count(expired, RequestResult.StaleHit);
            return Expired(answer.Value!, expired, CacheLevel.L2, node.Clock.Now);
        }

        node.Count(request.Key, RequestResult.Miss, null);
        return default;
    }

    // L2 is away, or not to be asked: as for fail-safe, L1 has what nobody has removed, for as long as it is trusted.
    private CacheResult<T> ExpiredInLocal<T>(string key, EntryPolicy policy)
    {
        if (policy.ReadsExpired && !policy.Has(HybridCacheEntryFlags.DisableLocalCacheRead) && local.FindFallback<T>(key) is { } found)
        {
            node.Count(found.Entry, RequestResult.StaleHit);
            return Expired(found.Value, found.Entry, CacheLevel.L1, node.Clock.Now);
        }

        node.Count(key, RequestResult.Miss, null);
        return default;
    }

    private void AddExpired<TId, T>(Wanted<TId> one, Dictionary<TId, T> found)
        where TId : notnull
    {
        if (ExpiredInLocal<T>(one.Key, one.Policy) is { Found: true } expired)
        {
            found[one.Id] = expired.Value!;
        }
    }
}
