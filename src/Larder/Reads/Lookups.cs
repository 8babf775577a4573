using Larder.Diagnostics;
using Larder.Local;
using Larder.Policies;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Reads;

/// <summary>Looks up in L2 what is not in L1, without a factory. What can't be found, or read, is not there.</summary>
internal sealed class Lookups(CacheNode node, StoreReads reads)
{
    /// <summary>A value that was found.</summary>
    public static CacheResult<T> Result<T>(T value, CachedEntry entry, CacheLevel level, long now) => new()
    {
        Value = value,
        Level = level,
        Age = entry.WrittenAt is { } written ? TimeSpan.FromMilliseconds(Math.Max(0, now - written)) : null,
        ExpiresIn = MonotonicClock.Until(entry.ExpiresIfUnread, now),
    };

    /// <summary>Finds a value; the type's default if there is none.</summary>
    public async ValueTask<T> FindValueAsync<T>(string key, EntryPolicy policy, CancellationToken cancellationToken) =>
        (await FindAsync<T>(key, policy, cancellationToken).ConfigureAwait(false)).Value!;

    /// <summary>Finds a value.</summary>
    public async ValueTask<CacheResult<T>> FindAsync<T>(string key, EntryPolicy policy, CancellationToken cancellationToken)
    {
        KeyRules.CheckKey(key, node.Options.MaximumKeyLength);
        if (!CanAsk(key, policy))
        {
            node.Count(key, RequestResult.Miss);
            return default;
        }

        try
        {
            var mark = node.Local.Capture(key);
            var answer = await reads.ReadAsync<T>(node.Line!, new(key, mark, policy), cancellationToken).ConfigureAwait(false);
            if (Keep(answer, new(key, mark, policy)))
            {
                node.Count(key, RequestResult.L2Hit);
                return Result(answer.Value!, answer.Entry!, CacheLevel.L2, node.Clock.Now);
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StoreFault(node.Log, "read", fault);
        }

        node.Count(key, RequestResult.Miss);
        return default;
    }

    /// <summary>Finds several values, and adds them to <paramref name="found"/>.</summary>
    public async ValueTask FindManyAsync<TId, T>(
        List<(TId Id, string Key)> wanted, EntryPolicy policy, Dictionary<TId, T> found, CancellationToken cancellationToken)
        where TId : notnull
    {
        var asked = wanted.FindAll(one => CanAsk(one.Key, policy));
        if (asked.Count == 0)
        {
            return;
        }

        try
        {
            ReadRequest[] requests = [.. asked.Select(one => new ReadRequest(one.Key, node.Local.Capture(one.Key), policy))];
            var answers = await reads.ReadManyAsync<T>(node.Line!, requests, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < answers.Length; i++)
            {
                var isHit = Keep(answers[i], requests[i]);
                node.Count(requests[i].Key, isHit ? RequestResult.L2Hit : RequestResult.Miss);
                if (isHit)
                {
                    found[asked[i].Id] = answers[i].Value!;
                }
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StoreFault(node.Log, "read", fault);
        }
    }

    private bool CanAsk(string key, EntryPolicy policy) =>
        node.Line is { IsDown: false }
        && !node.Undelivered.CoversKey(key)
        && !policy.Has(HybridCacheEntryFlags.DisableDistributedCacheRead);

    private bool Keep<T>(StoreAnswer<T> answer, in ReadRequest request)
    {
        if (answer.State != StoreState.Hit || answer.Entry!.IsExpired)
        {
            return false;
        }

        if (!request.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
        {
            node.Local.Store(answer.Entry, request.Mark);
        }

        return true;
    }
}
