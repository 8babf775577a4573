using Larder.Factories;
using Larder.Flights;
using Larder.Leases;
using Larder.Reads;
using Larder.Stores;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Batches;

/// <summary>
/// Runs batches: a flight for each key, which callers of single keys can join, and for those that nobody else loads one read
/// of L2, one request for leases, one factory and one commit.
/// </summary>
internal sealed class BatchLoader(CacheNode node, FlightTable flights, Keeping keeping, FailSafe failSafe, StoreReads reads)
{
    private readonly LeaseKeeper _keeper = new(node.Options.Lease, node.Clock, node.Log);

    /// <summary>Loads keys, and adds what there is to <paramref name="results"/>.</summary>
    /// <param name="batch">The call.</param>
    /// <param name="wanted">The keys, with what the caller calls them.</param>
    /// <param name="results">The results.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    public async ValueTask LoadAsync<TId, T>(
        Batch<TId, T> batch, IReadOnlyList<Wanted<TId>> wanted, Dictionary<TId, T> results, CancellationToken cancellationToken)
        where TId : notnull
    {
        while (wanted.Count > 0)
        {
            using var activity = node.Telemetry.BeginGet();
            var (own, joined) = Enter(batch, wanted, cancellationToken.CanBeCanceled);
            var late = own.Count == 0 ? Task.FromResult<Dictionary<TId, T>?>(null) : RunAsync(batch, own);

            // The run ends when the last of its flights has; waiting for each costs a work item of the pool a key.
            var ends = batch.Policy.AnswersEarly ? own.Select(static item => (Task)item.Flight.Answer.AsTask()) : [late];
            await WaitAsync([.. ends, .. joined.Select(static item => item.Flight.Answer.AsTask())], [.. own, .. joined], cancellationToken).ConfigureAwait(false);
            await AddOwnAsync(own, late, results, cancellationToken).ConfigureAwait(false);
            wanted = AddJoined(batch, joined, results);
        }
    }

    private (List<BatchItem<TId, T>> Own, List<BatchItem<TId, T>> Joined) Enter<TId, T>(
        Batch<TId, T> batch, IReadOnlyList<Wanted<TId>> wanted, bool isCancellable)
        where TId : notnull
    {
        var own = new List<BatchItem<TId, T>>(wanted.Count);
        var joined = new List<BatchItem<TId, T>>();
        foreach (var (id, key, _) in wanted)
        {
            var flight = new Flight<T>(new FlightKey(key, typeof(T), batch.Policy.Flags), new FlightTerms(batch.Policy, batch.Tags, isCancellable))
            {
                Mark = node.Local.Capture(key),
            };
            var running = flights.JoinOrEnter(flight);
            (ReferenceEquals(running, flight) ? own : joined).Add(new(id, running));
        }

        return (own, joined);
    }

    private async ValueTask WaitAsync<TId, T>(List<Task> ends, List<BatchItem<TId, T>> items, CancellationToken cancellationToken)
        where TId : notnull
    {
        try
        {
            await Task.WhenAll(ends).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            foreach (var item in items.Where(static item => item.Flight.Leave()))
            {
                flights.Leave(item.Flight);
            }

            throw;
        }
    }

    // What the factory brought too late for those who joined has no answer in its flight.
    private async ValueTask AddOwnAsync<TId, T>(
        List<BatchItem<TId, T>> own, Task<Dictionary<TId, T>?> late, Dictionary<TId, T> results, CancellationToken cancellationToken)
        where TId : notnull
    {
        foreach (var item in own)
        {
            var loaded = await item.Flight.Answer.ConfigureAwait(false);
            node.Count(item.Key, loaded.Result, loaded.Tags);
            if (!loaded.GaveUp)
            {
                results[item.Id] = loaded.Value;
            }
            else if (!item.IsLeftOut && await late.WaitAsync(cancellationToken).ConfigureAwait(false) is { } values && values.TryGetValue(item.Id, out var value))
            {
                results[item.Id] = value;
            }
        }
    }

    private List<Wanted<TId>> AddJoined<TId, T>(Batch<TId, T> batch, List<BatchItem<TId, T>> joined, Dictionary<TId, T> results)
        where TId : notnull
    {
        var missing = new List<Wanted<TId>>();
        foreach (var item in joined)
        {
            var loaded = item.Flight.Answer.Result;
            if (loaded.GaveUp)
            {
                item.Flight.Leave();
                missing.Add(new(item.Id, item.Key, batch.Policy));
            }
            else
            {
                node.Telemetry.Joined();
                node.Count(item.Key, loaded.Result, loaded.Tags);
                results[item.Id] = node.CopyOf(loaded, item.Flight.Policy);
            }
        }

        return missing;
    }

    private async Task<Dictionary<TId, T>?> RunAsync<TId, T>(Batch<TId, T> batch, List<BatchItem<TId, T>> own)
        where TId : notnull
    {
        var nobodyWaits = NobodyWaits(own);
        Dictionary<TId, T>? late = null;
        try
        {
            var rest = own;
            using var seeker = node.Line is { } line ? new BatchSeeker<TId, T>(node, reads, line) : null;
            while (rest.Count > 0)
            {
                (var toMake, rest) = await SeekAsync(seeker, rest, nobodyWaits.Token).ConfigureAwait(false);
                foreach (var item in own.Where(static item => item.IsAnswered))
                {
                    flights.Leave(item.Flight);
                }

                if (toMake.Count > 0)
                {
                    late = await MakeAsync(batch, toMake, nobodyWaits.Token).ConfigureAwait(false) ?? late;
                }

                seeker?.BeginAnew(rest);
            }
        }
        catch (Exception fault)
        {
            own.ForEach(item => Fail(item, fault));
        }

        return late;
    }

    private async ValueTask<(List<BatchItem<TId, T>> ToMake, List<BatchItem<TId, T>> ToSeek)> SeekAsync<TId, T>(
        BatchSeeker<TId, T>? seeker, List<BatchItem<TId, T>> items, CancellationToken cancellationToken)
        where TId : notnull
    {
        if (seeker is null || items[0].Flight.Policy.Has(HybridCacheEntryFlags.DisableDistributedCache))
        {
            return (Give(items, GrantKind.LocalOnly), []);
        }

        // What has an invalidation that did not reach L2 is not sought there.
        List<BatchItem<TId, T>> detached = node.Line!.IsDown ? [.. items] : [.. items.Where(item => node.Undelivered.CoversKey(item.Key))];
        List<BatchItem<TId, T>> sought = detached.Count == 0 ? [.. items] : [.. items.Except(detached)];
        Give(detached, GrantKind.Detached);
        if (sought.Count == 0)
        {
            return (detached, []);
        }

        try
        {
            var (toMake, toSeek) = await seeker.SeekAsync(sought, cancellationToken).ConfigureAwait(false);
            return ([.. detached, .. toMake], toSeek);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StoreFault(node.Log, "read or lease", fault);
            return (Give([.. items.Where(static item => !item.IsAnswered)], GrantKind.Detached), []);
        }
    }

    private async ValueTask<Dictionary<TId, T>?> MakeAsync<TId, T>(
        Batch<TId, T> batch, List<BatchItem<TId, T>> items, CancellationToken cancellationToken)
        where TId : notnull
    {
        var timing = node.Telemetry.BeginFactory();
        Dictionary<TId, T> made;
        try
        {
            items.ForEach(static item => item.Flight.AreTagsKnown = !item.IsAnswered);
            var task = batch.Factory([.. items.Select(static item => item.Id)], cancellationToken).AsTask();
            KeyValuePair<string, LeaseToken>[] leases =
                [.. items.Where(static item => item.Grant.IsLease).Select(static item => KeyValuePair.Create(item.Key, item.Grant.Token))];
            if (!await _keeper.WaitAsync(task, node.Line, leases, DeadlinesOf(batch, items)).ConfigureAwait(false))
            {
                Log.GaveUp(node.Log, node.Options.Lease.MaximumDuration);
                node.Telemetry.EndFactory(timing, new TimeoutException());
                await GiveUpAsync(items).ConfigureAwait(false);
                return await task.ConfigureAwait(false);
            }

            made = await task.ConfigureAwait(false);
            node.Telemetry.EndFactory(timing, null);
        }
        catch (Exception fault)
        {
            node.Telemetry.EndFactory(timing, fault);
            node.Telemetry.Events.EmitIfWatched(LarderEventKind.FactoryFailed, fault: fault);
            await FallBackAsync(batch, items, fault, cancellationToken).ConfigureAwait(false);
            return null;
        }

        await KeepAsync(batch, items, made).ConfigureAwait(false);
        return null;
    }

    private async ValueTask KeepAsync<TId, T>(Batch<TId, T> batch, List<BatchItem<TId, T>> items, Dictionary<TId, T> made)
        where TId : notnull
    {
        var absent = items.FindAll(item => !made.ContainsKey(item.Id));
        absent.ForEach(static item => item.IsLeftOut = true);
        await GiveUpAsync(absent).ConfigureAwait(false);
        var kept = items.FindAll(item => made.ContainsKey(item.Id));
        var parcels = await keeping.KeepManyAsync(
            [.. kept.Select(item => new Kept<T>(item.Flight, new Made<T>(made[item.Id], batch.Policy, batch.Tags), item.Grant))]).ConfigureAwait(false);
        for (var i = 0; i < kept.Count; i++)
        {
            flights.Leave(kept[i].Flight);
            kept[i].Flight.Complete(new(made[kept[i].Id], parcels[i]) { Tags = batch.Tags });
        }
    }

    private async ValueTask FallBackAsync<TId, T>(
        Batch<TId, T> batch, List<BatchItem<TId, T>> items, Exception fault, CancellationToken cancellationToken)
        where TId : notnull
    {
        var isLogged = false;
        foreach (var item in items)
        {
            if (!cancellationToken.IsCancellationRequested && failSafe.TryFallBack(item.Flight, out var fallback))
            {
                if (!isLogged)
                {
                    Log.FailSafe(node.Log, fault);
                    isLogged = true;
                }

                await keeping.ReleaseAsync(item.Key, item.Grant, batch.Policy.Throttle).ConfigureAwait(false);
                flights.Leave(item.Flight);
                item.Flight.Complete(fallback);
            }
            else
            {
                await keeping.ReleaseAsync(item.Key, item.Grant, null).ConfigureAwait(false);
                Fail(item, fault);
            }
        }
    }

    // Whoever joined loads these keys without this batch.
    private async ValueTask GiveUpAsync<TId, T>(List<BatchItem<TId, T>> items)
        where TId : notnull
    {
        foreach (var item in items)
        {
            flights.Leave(item.Flight);
            item.Flight.Complete(Loaded<T>.Nothing);
        }

        await Task.WhenAll(items.Select(item => keeping.ReleaseAsync(item.Key, item.Grant, null).AsTask())).ConfigureAwait(false);
    }

    private CallerDeadlines? DeadlinesOf<TId, T>(Batch<TId, T> batch, List<BatchItem<TId, T>> items)
        where TId : notnull
    {
        if (!batch.Policy.HasTimeouts)
        {
            return null;
        }

        var now = node.Clock.Now;
        return new CallerDeadlines(
            MonotonicClock.After(now, batch.Policy.SoftTimeout),
            MonotonicClock.After(now, batch.Policy.HardTimeout),
            () => items.Count(item => item.IsAnswered || failSafe.Answer(item.Flight)) == items.Count,
            () => items.FindAll(static item => !item.IsAnswered).ForEach(item => failSafe.LetGo(item.Flight)));
    }

    // The factory is for all keys: it is cancelled when the last caller of the last of them has left.
    private static CancellationTokenSource NobodyWaits<TId, T>(List<BatchItem<TId, T>> own)
        where TId : notnull
    {
        // Not disposed: a caller may leave after all is over.
        var source = new CancellationTokenSource();
        var waiting = own.Count;
        foreach (var item in own)
        {
            item.Flight.Token.UnsafeRegister(
                _ =>
                {
                    if (Interlocked.Decrement(ref waiting) == 0)
                    {
                        source.Cancel();
                    }
                },
                null);
        }

        return source;
    }

    private void Fail<TId, T>(BatchItem<TId, T> item, Exception fault)
        where TId : notnull
    {
        flights.Leave(item.Flight);
        item.Flight.Fail(fault);
    }

    private static List<BatchItem<TId, T>> Give<TId, T>(List<BatchItem<TId, T>> items, GrantKind kind)
        where TId : notnull
    {
        foreach (var item in items)
        {
            item.Grant = new Grant(kind);
        }

        return items;
    }
}
