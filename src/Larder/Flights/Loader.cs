using System.Runtime.CompilerServices;
using Larder.Diagnostics;
using Larder.Factories;
using Larder.Leases;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Flights;

/// <summary>Runs flights: L2, then the lease, then the factory, then the commit, then L1.</summary>
internal sealed class Loader(CacheNode node, FlightTable flights, Keeping keeping, FailSafe failSafe, StoreReads reads)
{
    private readonly LeaseSeeker _seeker = new(node, reads);
    private readonly LeaseKeeper _keeper = new(node.Options.Lease, node.Clock, node.Log);

    /// <summary>Joins the running flight of the key, or becomes it, until there is a value.</summary>
    public ValueTask<T> LoadAsync<T>(LoadFlight<T> own, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled || own.Policy.AnswersEarly || Telemetry.IsTraced)
        {
            return ShareAsync(own, null, cancellationToken);
        }

        // Without a state machine where nothing is waited for, here and below: a miss in memory alone is over before it could be of use.
        var flight = Enter(own);
        if (!ReferenceEquals(flight, own))
        {
            return ShareAsync(own, flight, cancellationToken);
        }

        return ReadsStore(own) ? ReadAndAnswerAsync(own) : GoOnAndAnswerAsync(own, null);
    }

    // RunAsync and AnswerAsync in one state machine, which is all that most hits in L2 need.
    private async ValueTask<T> ReadAndAnswerAsync<T>(LoadFlight<T> own)
    {
        StoreReading reading;
        try
        {
            reading = new(await reads.SendAsync(node.Line!, own.Id.Key, own.Token).ConfigureAwait(false));
        }
        catch (Exception fault)
        {
            reading = new(null, fault);
        }

        return await GoOnAndAnswerAsync(own, reading).ConfigureAwait(false);
    }

    private ValueTask<T> GoOnAndAnswerAsync<T>(LoadFlight<T> own, StoreReading? reading)
    {
        var running = GoOnAsync(own, reading);
        return running.IsCompletedSuccessfully ? Answer(own, running.Result) : AnswerAsync(own, running);
    }

    private async ValueTask<T> AnswerAsync<T>(LoadFlight<T> own, ValueTask<Loaded<T>> running) =>
        await Answer(own, await running.ConfigureAwait(false)).ConfigureAwait(false);

    private ValueTask<T> Answer<T>(LoadFlight<T> own, in Loaded<T> loaded)
    {
        if (loaded.GaveUp)
        {
            own.Leave();
            return ShareAsync(own, null, CancellationToken.None);
        }

        node.Count(own.Id.Key, loaded.Result, loaded.Tags);
        return new(loaded.Value);
    }

    // Once it has entered a flight, or from the beginning.
    private async ValueTask<T> ShareAsync<T>(LoadFlight<T> own, Flight<T>? flight, CancellationToken cancellationToken)
    {
        using var activity = node.Telemetry.BeginGet();
        while (true)
        {
            flight ??= Enter(own);
            var isOwn = ReferenceEquals(flight, own);
            var loaded = isOwn && !cancellationToken.CanBeCanceled && !own.Policy.AnswersEarly
                ? await RunAsync(own).ConfigureAwait(false)
                : await WaitAsync(flight, isOwn ? StartAsync(own) : flight.Answer.AsTask(), cancellationToken).ConfigureAwait(false);
            if (!loaded.GaveUp)
            {
                if (!isOwn)
                {
                    node.Telemetry.Joined();
                }

                node.Count(own.Id.Key, loaded.Result, loaded.Tags);
                Telemetry.EndGet(activity, loaded.Result);
                return isOwn ? loaded.Value : node.CopyOf(loaded, flight.Policy);
            }

            flight.Leave();
            flight = null;
        }
    }

    private Flight<T> Enter<T>(LoadFlight<T> own)
    {
        own.Mark = node.Local.Capture(own.Id.Hash);
        return flights.JoinOrEnter(own);
    }

    /// <summary>As <see cref="LoadAsync"/>, of a flight that nobody leaves, for several callers at once.</summary>
    public async Task<Loaded<T>> LoadForManyAsync<T>(LoadFlight<T> own)
    {
        while (true)
        {
            var flight = Enter(own);
            var loaded = await (ReferenceEquals(flight, own) ? StartAsync(own) : flight.Answer.AsTask()).ConfigureAwait(false);
            if (!loaded.GaveUp)
            {
                return loaded;
            }

            flight.Leave();
        }
    }

    /// <summary>Lets one caller across all nodes make the value anew, in the background, while everybody goes on with the old one.</summary>
    public void RefreshEagerly<T>(LoadFlight<T> flight)
    {
        flight.Mark = node.Local.Capture(flight.Id.Hash);
        flight.IsEager = true;

        // The value may expire while the factory runs: then others join, and wait no longer for this run than for any other.
        flight.Deadlines = DeadlinesOf(flight);
        if (flights.TryEnter(flight))
        {
            _ = Task.Run(() => RefreshAsync(flight));
        }
    }

    private async Task RefreshAsync<T>(LoadFlight<T> flight)
    {
        try
        {
            await RunAsync(flight).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Log.EagerRefreshFailed(node.Log, fault);
        }
    }

    private async ValueTask<Loaded<T>> WaitAsync<T>(Flight<T> flight, Task<Loaded<T>> task, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            flights.Abandon(flight);
            Observe(task);
            throw;
        }
    }

    private Task<Loaded<T>> StartAsync<T>(LoadFlight<T> flight)
    {
        flight.Deadlines = DeadlinesOf(flight);
        return flight.Policy.AnswersEarly ? FirstAsync(flight.Answer, RunAsync(flight).AsTask()) : RunAsync(flight).AsTask();
    }

    private CallerDeadlines? DeadlinesOf<T>(LoadFlight<T> flight)
    {
        if (!flight.Policy.HasTimeouts)
        {
            return null;
        }

        var now = node.Clock.Now;
        return new CallerDeadlines(
            MonotonicClock.After(now, flight.Policy.SoftTimeout),
            MonotonicClock.After(now, flight.Policy.HardTimeout),
            () => failSafe.Answer(flight),
            () => failSafe.LetGo(flight));
    }

    // The first answer, be it the factory's or not.
    private static async Task<Loaded<T>> FirstAsync<T>(ValueTask<Loaded<T>> answer, Task<Loaded<T>> run)
    {
        Observe(run);
        var first = await answer.ConfigureAwait(false);
        return first.GaveUp ? await run.ConfigureAwait(false) : first;
    }

    private ValueTask<Loaded<T>> RunAsync<T>(LoadFlight<T> flight) => ReadsStore(flight) ? ReadAndGoOnAsync(flight) : GoOnAsync(flight, null);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Loaded<T>> ReadAndGoOnAsync<T>(LoadFlight<T> flight)
    {
        StoreReading reading;
        try
        {
            reading = new(await reads.SendAsync(node.Line!, flight.Id.Key, flight.Token).ConfigureAwait(false));
        }
        catch (Exception fault)
        {
            reading = new(null, fault);
        }

        return await GoOnAsync(flight, reading).ConfigureAwait(false);
    }

    // With what was read in L2, if it was asked.
    private ValueTask<Loaded<T>> GoOnAsync<T>(LoadFlight<T> flight, StoreReading? reading)
    {
        ValueTask<Loaded<T>> loading;
        try
        {
            loading = reading is { } read ? TakeOrMakeAsync(flight, read) : FindOrMakeAsync(flight, null);
        }
        catch (Exception fault)
        {
            loading = ValueTask.FromException<Loaded<T>>(fault);
        }

        return loading.IsCompletedSuccessfully ? new(End(flight, loading.Result)) : EndAsync(flight, loading);
    }

    private ValueTask<Loaded<T>> TakeOrMakeAsync<T>(LoadFlight<T> flight, StoreReading reading)
    {
        var answering = reading.Fault is null
            ? reads.AnswerAsync<T>(node.Line!, new(flight.Id.Key, flight.Mark, flight.Policy), reading.Entry, flight.Token)
            : ValueTask.FromException<StoreAnswer<T>>(reading.Fault);
        return answering.IsCompletedSuccessfully ? TakeOrMakeAsync(flight, answering.Result) : TakeOrMakeAsync(flight, answering);
    }

    private async ValueTask<Loaded<T>> TakeOrMakeAsync<T>(LoadFlight<T> flight, ValueTask<StoreAnswer<T>> answering)
    {
        StoreAnswer<T> answer;
        try
        {
            answer = await answering.ConfigureAwait(false);
        }
        catch (Exception fault) when (!flight.Token.IsCancellationRequested)
        {
            Log.StoreFault(node.Log, "read", fault);
            answer = new(StoreState.Down);
        }

        return await TakeOrMakeAsync(flight, answer).ConfigureAwait(false);
    }

    private ValueTask<Loaded<T>> TakeOrMakeAsync<T>(LoadFlight<T> flight, StoreAnswer<T> answer) =>
        answer.State == StoreState.Hit ? new(Take(flight, answer)) : FindOrMakeAsync(flight, answer);

    private async ValueTask<Loaded<T>> EndAsync<T>(LoadFlight<T> flight, ValueTask<Loaded<T>> loading)
    {
        try
        {
            return End(flight, await loading.ConfigureAwait(false));
        }
        catch (Exception fault)
        {
            Fail(flight, fault);
            throw;
        }
    }

    private Loaded<T> End<T>(LoadFlight<T> flight, in Loaded<T> loaded)
    {
        flights.Leave(flight);
        if (flight.IsAwaited())
        {
            flight.Complete(loaded);
        }

        return loaded;
    }

    private void Fail<T>(LoadFlight<T> flight, Exception fault)
    {
        flights.Leave(flight);
        if (flight.IsAwaited())
        {
            flight.Fail(fault);
        }
    }

    // What is refreshed early is read when the lease is sought.
    private bool ReadsStore<T>(LoadFlight<T> flight) =>
        node.Line is { IsDown: false }
        && !flight.IsEager
        && !flight.Policy.Has(HybridCacheEntryFlags.DisableDistributedCacheRead)
        && !node.Undelivered.CoversKey(flight.Id.Key);

    private Loaded<T> Take<T>(LoadFlight<T> flight, StoreAnswer<T> hit)
    {
        if (!flight.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
        {
            node.Local.Store(hit.Entry!, flight.Mark);
        }

        return new(hit.Value!, hit.Payload)
        {
            Result = hit.Entry!.IsExpired ? RequestResult.StaleHit : RequestResult.L2Hit,
            Tags = hit.Entry.Tags,
        };
    }

    private ValueTask<Loaded<T>> FindOrMakeAsync<T>(LoadFlight<T> flight, StoreAnswer<T>? answer) =>
        node.Line is { } line && !flight.Policy.Has(HybridCacheEntryFlags.DisableDistributedCache)
            ? SeekOrMakeAsync(flight, line, answer)
            : MakeAsync(flight, new Grant(GrantKind.LocalOnly));

    private async ValueTask<Loaded<T>> SeekOrMakeAsync<T>(LoadFlight<T> flight, StoreLine line, StoreAnswer<T>? read)
    {
        var (answer, grant) = await SeekAsync(flight, line, read).ConfigureAwait(false);
        if (answer.State == StoreState.Hit)
        {
            return Take(flight, answer);
        }

        node.History.NoteMissInStore(flight.Id.Key, Reason(answer.State));

        // Nobody needs what can't be cached.
        return grant.Kind == GrantKind.None || (grant.Kind == GrantKind.Uncached && flight.IsAnswered)
            ? Loaded<T>.Nothing
            : await MakeAsync(flight, grant).ConfigureAwait(false);
    }

    private async ValueTask<(StoreAnswer<T> Answer, Grant Grant)> SeekAsync<T>(LoadFlight<T> flight, StoreLine line, StoreAnswer<T>? answer)
    {
        var detached = new Grant(flight.IsEager ? GrantKind.None : GrantKind.Detached);
        if (answer?.State == StoreState.Down || line.IsDown)
        {
            return (new(StoreState.Down), detached);
        }

        if (node.Undelivered.CoversKey(flight.Id.Key))
        {
            return (new(StoreState.Undelivered), detached);
        }

        try
        {
            return flight.IsEager
                ? await _seeker.SeekEagerlyAsync(flight, line).ConfigureAwait(false)
                : await _seeker.SeekAsync(flight, line, answer).ConfigureAwait(false);
        }
        catch (Exception fault) when (!flight.Token.IsCancellationRequested)
        {
            Log.StoreFault(node.Log, "read or lease", fault);
            return (new(StoreState.Down), detached);
        }
    }

    private ValueTask<Loaded<T>> MakeAsync<T>(LoadFlight<T> flight, Grant grant)
    {
        flight.AreTagsKnown = !flight.ChoosesTags && !flight.IsAnswered;
        var timing = node.Telemetry.BeginFactory();
        ValueTask<Made<T>> making;
        try
        {
            making = flight.MakeAsync(flight.ChoosesTags ? failSafe.ExpiredFor(flight) : null);
        }
        catch (Exception fault)
        {
            making = ValueTask.FromException<Made<T>>(fault);
        }

        return making.IsCompletedSuccessfully ? KeepAsync(flight, making.Result, grant, timing) : AwaitAsync(flight, making, grant, timing);
    }

    private async ValueTask<Loaded<T>> AwaitAsync<T>(LoadFlight<T> flight, ValueTask<Made<T>> making, Grant grant, Timing timing)
    {
        var key = flight.Id.Key;
        Made<T> made;
        try
        {
            var task = making.AsTask();
            KeyValuePair<string, LeaseToken>[] leases = grant.IsLease ? [new(key, grant.Token)] : [];
            if (!task.IsCompleted && !await _keeper.WaitAsync(task, node.Line, leases, flight.Deadlines).ConfigureAwait(false))
            {
                node.Telemetry.EndFactory(timing, new TimeoutException());
                return await GiveUpAsync(flight, task, grant).ConfigureAwait(false);
            }

            made = await task.ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            node.Telemetry.EndFactory(timing, fault);
            var isCancelled = flight.Token.IsCancellationRequested;
            node.Telemetry.Events.EmitIfWatched(LarderEventKind.FactoryFailed, key, fault);
            if (isCancelled || !failSafe.TryFallBack(flight, out var fallback))
            {
                await keeping.ReleaseAsync(key, grant, null).ConfigureAwait(false);
                throw;
            }

            Log.FailSafe(node.Log, fault);
            await keeping.ReleaseAsync(key, grant, flight.Policy.Throttle).ConfigureAwait(false);
            return fallback;
        }

        return await KeepAsync(flight, made, grant, timing).ConfigureAwait(false);
    }

    private ValueTask<Loaded<T>> KeepAsync<T>(LoadFlight<T> flight, in Made<T> made, Grant grant, Timing timing)
    {
        node.Telemetry.EndFactory(timing, null);
        node.Telemetry.Watch?.ShortLives.Note(flight.Id.Key, made.Policy.Expiration, timing.Elapsed);
        var kept = keeping.KeepAsync(flight, made, grant);
        return kept.IsCompletedSuccessfully ? new(LoadedOf(made, kept.Result)) : LoadedAsync(made, kept);
    }

    private static async ValueTask<Loaded<T>> LoadedAsync<T>(Made<T> made, ValueTask<ReadOnlyMemory<byte>?> kept) => LoadedOf(made, await kept.ConfigureAwait(false));

    private static Loaded<T> LoadedOf<T>(in Made<T> made, ReadOnlyMemory<byte>? payload) => new(made.Value, payload) { Tags = made.Tags };

    private async ValueTask<Loaded<T>> GiveUpAsync<T>(LoadFlight<T> flight, Task<Made<T>> factory, Grant grant)
    {
        Log.GaveUp(node.Log, node.Options.Lease.MaximumDuration);
        flights.Leave(flight);
        var isAnswered = !flight.Complete(Loaded<T>.Nothing);
        await keeping.ReleaseAsync(flight.Id.Key, grant, null).ConfigureAwait(false);
        if (isAnswered)
        {
            Observe(factory);
            return Loaded<T>.Nothing;
        }

        // Only the caller that started it still waits, and no longer than it said.
        if (flight.Policy.SoftTimeout is not null && failSafe.TryExpired(flight, out var expired))
        {
            Observe(factory);
            return expired;
        }

        try
        {
            var left = MonotonicClock.Until(flight.Deadlines?.HardAt ?? MonotonicClock.Never, node.Clock.Now);
            var made = await factory.WaitAsync(left ?? Timeout.InfiniteTimeSpan, node.Clock.Provider).ConfigureAwait(false);
            return new(made.Value) { Tags = made.Tags };
        }
        catch (TimeoutException) when (!factory.IsCompleted)
        {
            Observe(factory);
            return failSafe.TryFallBack(flight, out var fallback) ? fallback : throw FailSafe.HardTimeout(flight);
        }
    }

    // Whatever becomes of it, somebody has to look at it.
    private static void Observe(Task task) => _ = task.ContinueWith(
        static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private static MissReason Reason(StoreState state) => state switch
    {
        StoreState.Hit => MissReason.None,
        StoreState.Expired => MissReason.Expired,
        StoreState.Invalid => MissReason.Tagged,
        StoreState.Unreadable => MissReason.Unreadable,
        StoreState.Down => MissReason.StoreDown,
        StoreState.Undelivered => MissReason.Undelivered,
        _ => MissReason.NotThere,
    };

    /// <summary>What came of asking L2.</summary>
    /// <param name="Entry">What it has.</param>
    /// <param name="Fault">Why it did not say.</param>
    private readonly record struct StoreReading(StoreEntry? Entry, Exception? Fault = null);
}
