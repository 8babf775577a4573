using System.Collections.Concurrent;
using Larder.Diagnostics;
using Larder.Flights;
using Larder.Local;
using Larder.Policies;
using Larder.Reads;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Overflow;

/// <summary>
/// Reads of the overflow, between L1 and L2. Whether there is anything to read is known at once; who finds the same record shares
/// one read of it. A caller that comes after an invalidation finds no record, or one that the tag clock refuses; and a read that
/// was under way meanwhile answers those who came before, and brings nothing back into L1.
/// </summary>
internal sealed class OverflowReads(CacheNode node, OverflowLevel level)
{
    private const int AtOnce = 32;

    private readonly ConcurrentDictionary<OverflowRecord, Task> _running = new();

    /// <summary>Finds an entry of a type that may be served.</summary>
    public OverflowFound? Find<T>(string key, EntryPolicy policy)
    {
        if (policy.Has(HybridCacheEntryFlags.DisableLocalCacheRead))
        {
            return null;
        }

        // Before it is looked for: what is invalidated in between does not come back.
        var mark = node.Local.Capture(key);
        if (level.Find(key, typeof(T)) is { } record)
        {
            return new(record, new(key, mark, policy));
        }

        node.Telemetry.OverflowRead(OverflowResult.Miss);
        return null;
    }

    /// <summary>Reads what was found, and brings it back into L1; <see langword="null"/> if it can't be read, and is a miss.</summary>
    public async ValueTask<OverflowHit<T>?> ReadAsync<T>(OverflowFound found, CancellationToken cancellationToken)
    {
        var reading = Join<T>(found, out var isOwn);
        if (await reading.WaitAsync(cancellationToken).ConfigureAwait(false) is not { } hit)
        {
            return null;
        }

        node.Telemetry.OverflowRead(OverflowResult.Hit);
        node.Count(hit.Entry, RequestResult.L1Hit);
        return isOwn ? hit : hit with { Value = node.CopyOf(new Loaded<T>(hit.Value, hit.Payload), found.Request.Policy) };
    }

    /// <summary>Reads several values, and adds them to <paramref name="results"/>.</summary>
    /// <returns>Those that are not here.</returns>
    public async ValueTask<List<Wanted<TId>>> TakeAsync<TId, T>(
        List<Wanted<TId>> wanted, Dictionary<TId, T> results, CancellationToken cancellationToken)
        where TId : notnull
    {
        var missing = new List<Wanted<TId>>(wanted.Count);
        foreach (var some in wanted.Chunk(AtOnce))
        {
            var reads = Array.ConvertAll(some, one => Find<T>(one.Key, one.Policy) is { } found ? ReadAsync<T>(found, cancellationToken) : default);
            for (var i = 0; i < some.Length; i++)
            {
                if (await reads[i].ConfigureAwait(false) is { } hit)
                {
                    results[some[i].Id] = hit.Value;
                }
                else
                {
                    missing.Add(some[i]);
                }
            }
        }

        return missing;
    }

    // The record is of the type, and so is every read of it.
    private Task<OverflowHit<T>?> Join<T>(OverflowFound found, out bool isOwn)
    {
        isOwn = false;
        if (!_running.TryGetValue(found.Record, out var running))
        {
            var own = new TaskCompletionSource<OverflowHit<T>?>(TaskCreationOptions.RunContinuationsAsynchronously);
            running = _running.GetOrAdd(found.Record, own.Task);
            isOwn = ReferenceEquals(running, own.Task);
            if (isOwn)
            {
                _ = CompleteAsync(found, own);
            }
        }

        return (Task<OverflowHit<T>?>)running;
    }

    private async Task CompleteAsync<T>(OverflowFound found, TaskCompletionSource<OverflowHit<T>?> source)
    {
        OverflowHit<T>? hit = null;
        try
        {
            hit = await LoadAsync<T>(found.Record).ConfigureAwait(false) is { } value ? Return(found, value) : null;
        }
        catch (ObjectDisposedException)
        {
            // Its file made room for a newer one.
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            node.Telemetry.OverflowRead(OverflowResult.Fault);
            level.Suspend(fault);
        }
        catch (Exception fault)
        {
            node.Telemetry.OverflowRead(OverflowResult.Fault);
            Log.CannotDeserialize(node.Log, typeof(T), fault);
        }

        if (hit is null)
        {
            level.Drop(found.Record);
        }

        _running.TryRemove(found.Record, out _);
        source.SetResult(hit);
    }

    private async ValueTask<OverflowValue<T>?> LoadAsync<T>(OverflowRecord record)
    {
        switch (record.Waiting)
        {
            case SharedEntry<T> shared:
                return new(shared.Value, null);
            case PayloadEntry<T> waiting:
                return new(node.Serializers.CodecFor<T>().Decode(waiting.Payload), waiting.Payload);
        }

        var reason = "It is not what was written.";
        if (await record.Segment!.ReadAsync(record.Position, record.Length).ConfigureAwait(false) is { } packed
            && node.Packing.TryUnpack(record.Key, packed, out var payload, out reason))
        {
            return new(node.Serializers.CodecFor<T>().Decode(payload), payload);
        }

        node.Telemetry.OverflowRead(OverflowResult.Fault);
        Log.OverflowDamaged(node.Log, reason);
        return null;
    }

    private OverflowHit<T> Return<T>(OverflowFound found, in OverflowValue<T> loaded)
    {
        var (record, request) = found;
        var entry = Entries.Of(record.Key, loaded.Value, loaded.Payload, request.Policy, record.ValueBytes, record.Terms);
        entry.CheckedAt = record.CheckedAt;
        entry.Read(node.Clock.Now);
        if (!request.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
        {
            node.Local.PutBack(entry, record, request.Mark);
        }

        if (entry.Sliding != 0)
        {
            node.Touches?.Enqueue(entry, node.Clock.Now);
        }

        return new(loaded.Value, (entry as PayloadEntry<T>)?.Payload, entry);
    }

    private readonly record struct OverflowValue<T>(T Value, ReadOnlyMemory<byte>? Payload);
}

/// <summary>An entry of the overflow that may be served.</summary>
/// <param name="Record">Where it is.</param>
/// <param name="Request">Who asks for it; the mark was captured before it was found.</param>
internal readonly record struct OverflowFound(OverflowRecord Record, ReadRequest Request);

/// <summary>A value that was read.</summary>
/// <param name="Value">The value.</param>
/// <param name="Payload">Its bytes, where callers must get copies of their own.</param>
/// <param name="Entry">The same as L1 holds it.</param>
internal sealed record OverflowHit<T>(T Value, ReadOnlyMemory<byte>? Payload, CachedEntry Entry);

/// <summary>What became of a read of the overflow.</summary>
internal enum OverflowResult
{
    /// <summary>It had the value.</summary>
    Hit,

    /// <summary>It had none that may be served.</summary>
    Miss,

    /// <summary>What it had could not be read.</summary>
    Fault,
}
