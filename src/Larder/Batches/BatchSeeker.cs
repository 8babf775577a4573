using Larder.Diagnostics;
using Larder.Leases;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Batches;

/// <summary>
/// What a batch does before its factory: it reads L2 in one round trip, and asks for the leases of what is missing in one
/// more; what others hold, it waits for, while its own factory has long begun with the rest.
/// </summary>
internal sealed class BatchSeeker<TId, T>(CacheNode node, StoreReads reads, StoreLine line) : IDisposable
    where TId : notnull
{
    // A message of the feed ends a wait at once; this is for the message that never comes.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private readonly long _giveUp = MonotonicClock.After(node.Clock.Now, node.Options.Lease.MaximumDuration);
    private string? _heldKey;
    private TimeSpan _heldFor;
    private Task? _message;
    private Task? _awaited;

    /// <summary>Answers what L2 has, and finds what the factory may make.</summary>
    /// <param name="items">The keys, of one policy.</param>
    /// <param name="cancellationToken">Cancelled when no caller waits any more.</param>
    /// <returns>Those for which the factory is to run, with their grants, and those that are to be sought again.</returns>
    public async ValueTask<(List<BatchItem<TId, T>> ToMake, List<BatchItem<TId, T>> ToSeek)> SeekAsync(
        IReadOnlyList<BatchItem<TId, T>> items, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken).ConfigureAwait(false);
        var policy = items[0].Flight.Policy;
        var missing = await ReadAsync(items, cancellationToken).ConfigureAwait(false);
        if (missing.Count == 0)
        {
            return ([], []);
        }

        if (policy.Has(HybridCacheEntryFlags.DisableDistributedCacheWrite))
        {
            return (Grant(missing, GrantKind.LocalOnly), []);
        }

        // The first load of a node: what it stored without the tag clock's generation would be born dead.
        if (missing.Exists(static found => found.Item.Flight.Mark.Stamp.Generation is null))
        {
            await reads.LearnTagsAsync(line, null, cancellationToken).ConfigureAwait(false);
            BeginAnew(missing.Select(static found => found.Item));
        }

        return node.Can(StoreCapabilities.Leases)
            ? await AskAsync(missing).ConfigureAwait(false)
            : (Grant(missing, GrantKind.Unfenced), []);
    }

    private async ValueTask<List<(BatchItem<TId, T> Item, StoreAnswer<T> Answer)>> ReadAsync(
        IReadOnlyList<BatchItem<TId, T>> items, CancellationToken cancellationToken)
    {
        var policy = items[0].Flight.Policy;
        if (policy.Has(HybridCacheEntryFlags.DisableDistributedCacheRead))
        {
            return [.. items.Select(static item => (item, StoreAnswer<T>.Missing))];
        }

        ReadRequest[] requests = [.. items.Select(item => new ReadRequest(item.Key, item.Flight.Mark, policy))];
        var answers = await reads.ReadManyAsync<T>(line, requests, cancellationToken).ConfigureAwait(false);
        var missing = new List<(BatchItem<TId, T>, StoreAnswer<T>)>();
        for (var i = 0; i < answers.Length; i++)
        {
            var (item, answer) = (items[i], answers[i]);
            if (answer.State != StoreState.Hit)
            {
                node.Remember(item.Flight, answer);
                missing.Add((item, answer));
                continue;
            }

            if (!policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
            {
                node.Local.Store(answer.Entry!, item.Flight.Mark);
            }

            item.Flight.Complete(new(answer.Value!, answer.Payload)
            {
                Result = answer.Entry!.IsExpired ? RequestResult.StaleHit : RequestResult.L2Hit,
                Tags = answer.Entry.Tags,
            });
        }

        return missing;
    }

    private async ValueTask<(List<BatchItem<TId, T>> ToMake, List<BatchItem<TId, T>> ToSeek)> AskAsync(
        List<(BatchItem<TId, T> Item, StoreAnswer<T> Answer)> missing)
    {
        (string Key, LeaseRequest Request)[] requests = [.. missing.Select(found => (found.Item.Key, node.AskFor(found.Answer, found.Item.Flight.Policy)))];

        // Not cancelled half-way: leases that nobody knows of would block their keys until they lapse.
        var leases = await line.BoundAsync(StoreOperation.Lease, line.Store.AcquireLeasesAsync(requests, CancellationToken.None)).ConfigureAwait(false);
        var isOver = node.Clock.Now >= _giveUp;
        var isWaiting = false;
        var toMake = new List<BatchItem<TId, T>>();
        var toSeek = new List<BatchItem<TId, T>>();
        for (var i = 0; i < leases.Count; i++)
        {
            var item = missing[i].Item;
            if (leases[i].State == LeaseState.Granted || isOver)
            {
                item.Grant = leases[i].State == LeaseState.Granted
                    ? new Grant(GrantKind.Lease, requests[i].Request.Token)
                    : new Grant(GrantKind.Uncached);
                toMake.Add(item);
                continue;
            }

            toSeek.Add(item);
            if (leases[i].State == LeaseState.Held && !isWaiting)
            {
                // Who holds one has asked for the others in the same step: its message comes with theirs.
                isWaiting = true;
                node.Telemetry.AwaitsLease();
                Expect(item.Key, leases[i].HeldFor);
            }
        }

        return (toMake, toSeek);
    }

    // Ask once more after getting hold of the next message: it may have come before.
    private void Expect(string key, TimeSpan heldFor)
    {
        if (key == _heldKey)
        {
            _awaited = _message;
        }
        else
        {
            Dispose();
        }

        (_heldKey, _heldFor, _message) = (key, heldFor, node.Waits.Next(key));
    }

    private async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (_awaited is not { } message)
        {
            return;
        }

        _awaited = null;

        var time = _heldFor < LongestWait ? _heldFor : LongestWait;
        try
        {
            await message.WaitAsync(time + TimeSpan.FromMilliseconds(1), node.Clock.Provider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }

    /// <summary>Waits for no message any more.</summary>
    public void Dispose()
    {
        if (_message is not null)
        {
            _message = null;
            node.Waits.Signal(_heldKey!);
        }
    }

    /// <summary>From here on it is a new load: what invalidated the keys meanwhile is older than what it will read.</summary>
    public void BeginAnew(IEnumerable<BatchItem<TId, T>> items)
    {
        foreach (var item in items)
        {
            item.Flight.Mark = node.Local.Capture(item.Key);
        }
    }

    private static List<BatchItem<TId, T>> Grant(List<(BatchItem<TId, T> Item, StoreAnswer<T> Answer)> missing, GrantKind kind)
    {
        List<BatchItem<TId, T>> items = [.. missing.Select(static found => found.Item)];
        items.ForEach(item => item.Grant = new Grant(kind));
        return items;
    }
}
