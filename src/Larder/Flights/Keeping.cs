using Larder.Factories;
using Larder.Leases;
using Larder.Local;
using Larder.Policies;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Flights;

/// <summary>What becomes of a value that a factory made: the commit to L2, then L1.</summary>
internal sealed class Keeping(CacheNode node)
{
    /// <summary>Keeps a value wherever it may be kept.</summary>
    /// <returns>The value serialized, where it was.</returns>
    public ValueTask<ReadOnlyMemory<byte>?> KeepAsync<T>(Flight<T> flight, in Made<T> made, Grant grant)
    {
        var parcel = Pack(flight, made, grant);
        if (parcel.Packed is not null || grant.IsLease)
        {
            return KeepInStoreAsync(flight, made, parcel, grant);
        }

        StoreLocally(flight, made, parcel, grant);
        return new(parcel.Payload);
    }

    /// <summary>Keeps several values, with one commit for all of them.</summary>
    /// <returns>The values serialized, where they were.</returns>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>?>> KeepManyAsync<T>(IReadOnlyList<Kept<T>> all)
    {
        Parcel[] parcels = [.. all.Select(one => Pack(one.Flight, one.Made, one.Grant))];
        for (var i = 0; i < parcels.Length; i++)
        {
            AnswerEarly(all[i].Flight, all[i].Made, parcels[i]);
        }

        var grants = await CommitManyAsync(all, parcels).ConfigureAwait(false);
        for (var i = 0; i < parcels.Length; i++)
        {
            StoreLocally(all[i].Flight, all[i].Made, parcels[i], grants[i]);
        }

        return Array.ConvertAll(parcels, static parcel => parcel.Payload);
    }

    private async ValueTask<ReadOnlyMemory<byte>?> KeepInStoreAsync<T>(Flight<T> flight, Made<T> made, Parcel parcel, Grant grant)
    {
        if (parcel.Packed is not null)
        {
            AnswerEarly(flight, made, parcel);
            grant = await CommitAsync(flight, Write(flight, made, parcel), grant).ConfigureAwait(false);
        }
        else
        {
            await ReleaseAsync(flight.Id.Key, grant, null).ConfigureAwait(false);
        }

        StoreLocally(flight, made, parcel, grant);
        return parcel.Payload;
    }

    // Serialized by now: from here on its callers may change what they get. The flight goes on, and is joined, until the commit
    // is over, so that nobody here asks L2 for what is on its way there.
    private static void AnswerEarly<T>(Flight<T> flight, in Made<T> made, in Parcel parcel)
    {
        if (flight.Policy.CommitsInBackground && parcel.Packed is not null)
        {
            flight.Complete(new(made.Value, parcel.Payload) { Tags = made.Tags });
        }
    }

    private Parcel Pack<T>(Flight<T> flight, in Made<T> made, Grant grant)
    {
        var policy = made.Policy.For(made.Value);
        var toStore = grant.Kind is GrantKind.Lease or GrantKind.Unfenced && !policy.Has(HybridCacheEntryFlags.DisableDistributedCacheWrite);
        var isCached = grant.Kind != GrantKind.Uncached && !made.SkipCaching && (made.Value is not null || policy.CacheNull);
        ReadOnlyMemory<byte>? payload = null;
        if ((isCached && toStore) || !Entries.IsShared(made.Value, policy))
        {
            payload = Encode(made.Value);
            isCached &= payload is not null && IsWithinLimit(flight.Id.Key, payload.Value.Length);
        }

        var packed = ReadOnlyMemory<byte>.Empty;
        isCached = isCached && (!toStore || TryPack(flight.Id.Key, payload!.Value, policy, out packed));
        return new Parcel(policy, isCached, payload, isCached && toStore ? packed : default(ReadOnlyMemory<byte>?));
    }

    private void StoreLocally<T>(Flight<T> flight, in Made<T> made, in Parcel parcel, Grant grant)
    {
        var key = flight.Id.Key;
        if (parcel.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
        {
            // What was committed is newer than what L1 may have; what went nowhere leaves L1 as it is.
            if (parcel.Packed is not null)
            {
                node.Local.Invalidate(key);
            }
        }
        else if (parcel.IsCached && grant.Kind != GrantKind.Uncached)
        {
            node.Local.Store(
                node.Make(key, made.Value, parcel.Payload, new EntryFacts(parcel.Policy, flight.Mark, node.Clock.Now)
                {
                    Tags = made.Tags,
                    Validators = made.Validators,
                    Epoch = grant.Kind == GrantKind.Detached ? CachedEntry.Detached : flight.Mark.Epoch,
                }),
                flight.Mark);
        }
    }

    /// <summary>Gives a lease back, if there is one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="grant">The lease.</param>
    /// <param name="retryAfter">The factory failed, and the origin is to be left alone for this time.</param>
    public async ValueTask ReleaseAsync(string key, Grant grant, TimeSpan? retryAfter)
    {
        // If L2 is away, the lease lapses by itself.
        if (!grant.IsLease || node.Line!.IsDown)
        {
            return;
        }

        try
        {
            var line = node.Line;
            await line.BoundAsync(StoreOperation.Release, line.Store.ReleaseLeaseAsync(key, grant.Token, retryAfter, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Log.StoreFault(node.Log, "release a lease", fault);
        }
    }

    // Those under a lease go in one step; without leases, one after another.
    private async ValueTask<Grant[]> CommitManyAsync<T>(IReadOnlyList<Kept<T>> all, Parcel[] parcels)
    {
        Grant[] grants = [.. all.Select(static one => one.Grant)];
        var together = new List<int>();
        for (var i = 0; i < parcels.Length; i++)
        {
            if (parcels[i].Packed is not null && grants[i].IsLease && node.Local.IsUntouched(all[i].Flight.Mark))
            {
                together.Add(i);
            }
            else if (parcels[i].Packed is not null)
            {
                grants[i] = await CommitAsync(all[i].Flight, Write(all[i].Flight, all[i].Made, parcels[i]), grants[i]).ConfigureAwait(false);
            }
            else
            {
                await ReleaseAsync(all[i].Flight.Id.Key, grants[i], null).ConfigureAwait(false);
            }
        }

        if (together.Count == 0)
        {
            return grants;
        }

        var line = node.Line!;
        try
        {
            StoreItem[] items = [.. together.Select(i => new StoreItem(all[i].Flight.Id.Key, Write(all[i].Flight, all[i].Made, parcels[i]), grants[i].Token))];
            var committed = line.IsDown
                ? null
                : await line.BoundAsync(StoreOperation.Commit, line.Store.CommitManyAsync(items, CancellationToken.None)).ConfigureAwait(false);
            for (var i = 0; i < items.Length; i++)
            {
                if (committed is null || !committed[i])
                {
                    grants[together[i]] = new Grant(committed is null ? GrantKind.Detached : GrantKind.Uncached);
                    node.LogRefused(items[i].Key);
                }
            }
        }
        catch (Exception fault)
        {
            Log.StoreFault(node.Log, "commit", fault);
            together.ForEach(i => grants[i] = new Grant(GrantKind.Detached));
        }

        return grants;
    }

    private async ValueTask<Grant> CommitAsync<T>(Flight<T> flight, StoreWrite write, Grant grant)
    {
        var key = flight.Id.Key;
        var line = node.Line!;
        try
        {
            if (line.IsDown)
            {
                return new Grant(GrantKind.Detached);
            }

            // This node's own invalidation may still wait for its delivery; the lease refuses all that L2 knows of. A tag
            // invalidation needs no check here: the entry carries the tag clock of before.
            if (!node.Local.IsUntouched(flight.Mark))
            {
                await ReleaseAsync(key, grant, null).ConfigureAwait(false);
            }
            else if (grant.Kind == GrantKind.Unfenced)
            {
                await line.BoundAsync(StoreOperation.Set, line.Store.SetAsync(key, write, CancellationToken.None)).ConfigureAwait(false);
                if (node.Local.IsUntouched(flight.Mark))
                {
                    return grant;
                }

                // The invalidation may have reached the store before this write did.
                await line.BoundAsync(StoreOperation.Remove, line.Store.RemoveAsync([key], CancellationToken.None)).ConfigureAwait(false);
            }
            else if (await line.BoundAsync(StoreOperation.Commit, line.Store.CommitAsync(key, grant.Token, write, CancellationToken.None)).ConfigureAwait(false))
            {
                return grant;
            }

            node.LogRefused(key);
            return new Grant(GrantKind.Uncached);
        }
        catch (Exception fault)
        {
            Log.StoreFault(node.Log, "commit", fault);
            return new Grant(GrantKind.Detached);
        }
    }

    private ReadOnlyMemory<byte>? Encode<T>(T value)
    {
        try
        {
            return node.Serializers.CodecFor<T>().Encode(value);
        }
        catch (Exception fault)
        {
            Log.CannotSerialize(node.Log, typeof(T), fault);
            return null;
        }
    }

    private bool TryPack(string key, ReadOnlyMemory<byte> payload, EntryPolicy policy, out ReadOnlyMemory<byte> packed)
    {
        try
        {
            packed = node.Pack(key, payload, policy);
            return true;
        }
        catch (InvalidOperationException fault)
        {
            Log.CannotPack(node.Log, fault);
            packed = default;
            return false;
        }
    }

    private bool IsWithinLimit(string key, long length)
    {
        if (node.Options.MaximumPayloadBytes is not { } limit || length <= limit)
        {
            return true;
        }

        Log.TooLarge(node.Log, length, limit);
        node.History.NoteMissInStore(key, MissReason.TooLarge);
        return false;
    }

    private static StoreWrite Write<T>(Flight flight, in Made<T> made, in Parcel parcel) => new()
    {
        Payload = parcel.Packed!.Value,
        Expiration = parcel.Policy.Expiration,
        SlidingExpiration = parcel.Policy.SlidingExpiration,
        Retention = parcel.Policy.Retention,
        Stamp = flight.Mark.Stamp,
        Tags = made.Tags,
        ETag = made.Validators?.ETag,
        LastModified = made.Validators?.LastModified,
        IsMade = true,
    };
}

/// <summary>One of several values to keep.</summary>
/// <param name="Flight">The flight.</param>
/// <param name="Made">What the factory made for it.</param>
/// <param name="Grant">What may be done with it.</param>
internal readonly record struct Kept<T>(Flight<T> Flight, Made<T> Made, Grant Grant);

/// <summary>A value made ready to be kept.</summary>
/// <param name="Policy">The options in force for it.</param>
/// <param name="IsCached">Whether it may be kept at all.</param>
/// <param name="Payload">The value serialized, where that was needed.</param>
/// <param name="Packed">What is written to L2; <see langword="null"/> if nothing is.</param>
internal readonly record struct Parcel(EntryPolicy Policy, bool IsCached, ReadOnlyMemory<byte>? Payload, ReadOnlyMemory<byte>? Packed);
