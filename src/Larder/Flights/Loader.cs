using Larder.Leases;
using Larder.Local;
using Larder.Policies;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Flights;

/// <summary>Runs flights: L2, then the lease, then the factory, then the commit, then L1.</summary>
internal sealed class Loader(CacheNode node, FlightTable flights, StoreReads reads)
{
    private readonly LeaseSeeker _seeker = new(node, reads);
    private readonly LeaseKeeper _keeper = new(node.Options.Lease, node.Clock, node.Log);

    /// <summary>Joins the running flight of the key, or becomes it, until there is a value.</summary>
    public async ValueTask<T> LoadAsync<T>(Flight<T> own, CancellationToken cancellationToken)
    {
        while (true)
        {
            own.Mark = node.Local.Capture(own.Id.Key);
            var flight = flights.JoinOrEnter(own);
            var isOwn = ReferenceEquals(flight, own);
            var loaded = await WaitAsync(flight, isOwn ? RunAsync(own) : flight.Shared, cancellationToken).ConfigureAwait(false);
            if (!loaded.GaveUp)
            {
                return isOwn ? loaded.Value : Copy(loaded, flight.Policy);
            }

            flight.Leave();
        }
    }

    private T Copy<T>(Loaded<T> loaded, EntryPolicy policy) => loaded.Payload is { } payload && !Entries.IsShared(loaded.Value, policy)
        ? node.Serializers.CodecFor<T>().Decode(payload)
        : loaded.Value;

    private async ValueTask<Loaded<T>> WaitAsync<T>(Flight<T> flight, Task<Loaded<T>> task, CancellationToken cancellationToken)
    {
        if (task.IsCompleted || !cancellationToken.CanBeCanceled)
        {
            return await task.ConfigureAwait(false);
        }

        try
        {
            return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (flight.Leave())
            {
                flights.Leave(flight);
            }

            // Whatever becomes of it now, somebody has to look at it.
            _ = task.ContinueWith(
                static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    private async Task<Loaded<T>> RunAsync<T>(Flight<T> flight)
    {
        try
        {
            var loaded = await FindOrMakeAsync(flight).ConfigureAwait(false);
            flights.Leave(flight);
            flight.Complete(loaded);
            return loaded;
        }
        catch (Exception fault)
        {
            flights.Leave(flight);
            flight.Fail(fault);
            throw;
        }
    }

    private async ValueTask<Loaded<T>> FindOrMakeAsync<T>(Flight<T> flight)
    {
        var grant = new Grant(GrantKind.LocalOnly);
        if (node.Line is { } line && !SkipsStore(flight.Policy))
        {
            (var answer, grant) = await SeekAsync(flight, line).ConfigureAwait(false);
            if (answer.State == StoreState.Hit)
            {
                if (!flight.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
                {
                    node.Local.Store(answer.Entry!, flight.Mark);
                }

                return new(answer.Value!, answer.Payload);
            }
        }

        return await MakeAsync(flight, grant).ConfigureAwait(false);
    }

    private async ValueTask<(StoreAnswer<T> Answer, Grant Grant)> SeekAsync<T>(Flight<T> flight, StoreLine line)
    {
        if (line.IsDown || node.Undelivered.CoversKey(flight.Id.Key))
        {
            return (default, new Grant(GrantKind.Detached));
        }

        try
        {
            return await _seeker.SeekAsync(flight, line).ConfigureAwait(false);
        }
        catch (Exception fault) when (!flight.Token.IsCancellationRequested)
        {
            Log.StoreFault(node.Log, "read or lease", fault);
            return (default, new Grant(GrantKind.Detached));
        }
    }

    private async ValueTask<Loaded<T>> MakeAsync<T>(Flight<T> flight, Grant grant)
    {
        Made<T> made;
        try
        {
            var making = flight.MakeAsync(flight.Policy, flight.Token);
            if (making.IsCompleted)
            {
                made = await making.ConfigureAwait(false);
            }
            else
            {
                var task = making.AsTask();
                if (!await _keeper.WaitAsync(task, node.Line, flight.Id.Key, grant).ConfigureAwait(false))
                {
                    return await GiveUpAsync(flight, task, grant).ConfigureAwait(false);
                }

                made = await task.ConfigureAwait(false);
            }
        }
        catch
        {
            await ReleaseAsync(flight.Id.Key, grant).ConfigureAwait(false);
            throw;
        }

        return await KeepAsync(flight, made, grant).ConfigureAwait(false);
    }

    private async ValueTask<Loaded<T>> GiveUpAsync<T>(Flight<T> flight, Task<Made<T>> factory, Grant grant)
    {
        Log.GaveUp(node.Log, node.Options.Lease.MaximumDuration);
        flights.Leave(flight);
        flight.Complete(new Loaded<T>(default!, GaveUp: true));
        await ReleaseAsync(flight.Id.Key, grant).ConfigureAwait(false);

        // Only the caller that started it still waits.
        var made = await factory.ConfigureAwait(false);
        return new(made.Value);
    }

    private async ValueTask<Loaded<T>> KeepAsync<T>(Flight<T> flight, Made<T> made, Grant grant)
    {
        var (value, policy) = made;
        var key = flight.Id.Key;
        var toStore = grant.Kind is GrantKind.Lease or GrantKind.Unfenced && !policy.Has(HybridCacheEntryFlags.DisableDistributedCacheWrite);
        var isCached = grant.Kind != GrantKind.Uncached && (value is not null || policy.CacheNull);
        ReadOnlyMemory<byte>? payload = null;
        if ((isCached && toStore) || !Entries.IsShared(value, policy))
        {
            payload = Encode(value);
            isCached &= payload is not null && IsWithinLimit(payload.Value.Length);
        }

        var packed = ReadOnlyMemory<byte>.Empty;
        isCached = isCached && (!toStore || TryPack(key, payload!.Value, policy, out packed));
        if (isCached && toStore)
        {
            grant = await CommitAsync(flight, Write(packed, policy, flight), grant).ConfigureAwait(false);
        }
        else
        {
            await ReleaseAsync(key, grant).ConfigureAwait(false);
        }

        if (policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
        {
            // What was committed is newer than what L1 may have; what went nowhere leaves L1 as it is.
            if (isCached && toStore)
            {
                node.Local.Invalidate(key);
            }
        }
        else if (isCached && grant.Kind != GrantKind.Uncached)
        {
            var isDetached = grant.Kind == GrantKind.Detached;
            node.Local.Store(
                node.Make(key, value, payload, new EntryFacts(policy, flight.Mark, node.Clock.Now)
                {
                    Tags = flight.Tags,
                    Epoch = isDetached ? CachedEntry.Detached : flight.Mark.Epoch,
                }),
                flight.Mark);
        }

        return new(value, payload);
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
            if (!node.Local.IsUntouched(key, flight.Mark))
            {
                await ReleaseAsync(key, grant).ConfigureAwait(false);
            }
            else if (grant.Kind == GrantKind.Unfenced)
            {
                await line.BoundAsync(line.Store.SetAsync(key, write, CancellationToken.None)).ConfigureAwait(false);
                if (node.Local.IsUntouched(key, flight.Mark))
                {
                    return grant;
                }

                // The invalidation may have reached the store before this write did.
                await line.BoundAsync(line.Store.RemoveAsync([key], CancellationToken.None)).ConfigureAwait(false);
            }
            else if (await line.BoundAsync(line.Store.CommitAsync(key, grant.Token, write, CancellationToken.None)).ConfigureAwait(false))
            {
                return grant;
            }

            Log.CommitRefused(node.Log, key);
            return new Grant(GrantKind.Uncached);
        }
        catch (Exception fault)
        {
            Log.StoreFault(node.Log, "commit", fault);
            return new Grant(GrantKind.Detached);
        }
    }

    private async ValueTask ReleaseAsync(string key, Grant grant)
    {
        // If L2 is away, the lease lapses by itself.
        if (!grant.IsLease || node.Line!.IsDown)
        {
            return;
        }

        try
        {
            var line = node.Line;
            await line.BoundAsync(line.Store.ReleaseLeaseAsync(key, grant.Token, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Log.StoreFault(node.Log, "release a lease", fault);
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

    private bool IsWithinLimit(long length)
    {
        if (node.Options.MaximumPayloadBytes is not { } limit || length <= limit)
        {
            return true;
        }

        Log.TooLarge(node.Log, length, limit);
        return false;
    }

    private static StoreWrite Write(ReadOnlyMemory<byte> payload, EntryPolicy policy, Flight flight) => new()
    {
        Payload = payload,
        Expiration = policy.Expiration,
        SlidingExpiration = policy.SlidingExpiration,
        Stamp = flight.Mark.Stamp,
        Tags = flight.Tags,
    };

    private static bool SkipsStore(EntryPolicy policy) => policy.Has(HybridCacheEntryFlags.DisableDistributedCache);
}
