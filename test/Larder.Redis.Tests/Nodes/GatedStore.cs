using System.Collections.Concurrent;
using Larder.Stores;

namespace Larder.Redis.Tests.Nodes;

/// <summary>The real store, with gates at which a test holds an operation's answer back after the server has carried it out.</summary>
internal sealed class GatedStore(ILarderStore store) : DelegatingStore(store), IKeyScanner
{
    private readonly IKeyScanner _scanner = store.Ability<IKeyScanner>()!;

    /// <summary>Passed by the next read, before it is sent.</summary>
    public Gate? BeforeRead { get; set; }

    /// <summary>Passed by the next read that finds something, after it was read.</summary>
    public Gate? AfterRead { get; set; }

    /// <summary>Passed by the next commit, before it is sent.</summary>
    public Gate? BeforeCommit { get; set; }

    /// <summary>Passed by the next Set, Remove or Expire, before it is sent.</summary>
    public Gate? BeforeChange { get; set; }

    /// <summary>Passed by the next Set, Remove or Expire, when the server has carried it out.</summary>
    public Gate? AfterChange { get; set; }

    /// <summary>Each Set, Remove and Expire that came here.</summary>
    public ConcurrentQueue<string> Changes { get; } = new();

    /// <summary>Passed by each scan for keys but the first, before it is sent.</summary>
    public Gate? BetweenScans { get; set; }

    /// <summary>Passed by the next release of a lease, before it is sent.</summary>
    public Gate? BeforeRelease { get; set; }

    /// <summary>How many leases have come to their end: by a commit, accepted or not, or by being given back.</summary>
    public int EndedLeases { get; private set; }

    /// <summary>How many times a lease was asked for.</summary>
    public int Leases { get; private set; }

    /// <summary>How many operations of reading and writing were sent, each of which is one round trip; not those of the pulse.</summary>
    public int RoundTrips { get; set; }

    // What nodes say to each other beside the feed would be operations that no test expects.
    public override T? Ability<T>()
        where T : class => this as T;

    public override ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken)
    {
        RoundTrips++;
        Leases++;
        return base.AcquireLeaseAsync(key, request, cancellationToken);
    }

    public override ValueTask<IReadOnlyList<LeaseAnswer>> AcquireLeasesAsync(
        IReadOnlyList<(string Key, LeaseRequest Request)> requests, CancellationToken cancellationToken)
    {
        RoundTrips++;
        return base.AcquireLeasesAsync(requests, cancellationToken);
    }

    public override ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        RoundTrips++;
        return base.ReadTagsAsync(tags, cancellationToken);
    }

    public override async ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        RoundTrips++;
        if (BeforeRead is { } before)
        {
            BeforeRead = null;
            await before.PassAsync(cancellationToken);
        }

        var entry = await base.ReadAsync(key, cancellationToken);
        if (entry is not null && AfterRead is { } gate)
        {
            AfterRead = null;
            await gate.PassAsync(cancellationToken);
        }

        return entry;
    }

    public override async ValueTask<IReadOnlyList<StoreEntry?>> ReadManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        RoundTrips++;
        var entries = await base.ReadManyAsync(keys, cancellationToken);
        if (AfterRead is { } gate)
        {
            AfterRead = null;
            await gate.PassAsync(cancellationToken);
        }

        return entries;
    }

    public override async ValueTask<IReadOnlyList<bool>> CommitManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken)
    {
        RoundTrips++;
        if (BeforeCommit is { } gate)
        {
            BeforeCommit = null;
            await gate.PassAsync(cancellationToken);
        }

        var committed = await base.CommitManyAsync(items, cancellationToken);
        EndedLeases += items.Count;
        return committed;
    }

    public override async ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken)
    {
        RoundTrips++;
        if (BeforeCommit is { } gate)
        {
            BeforeCommit = null;
            await gate.PassAsync(cancellationToken);
        }

        var isCommitted = await base.CommitAsync(key, token, write, cancellationToken);
        EndedLeases++;
        return isCommitted;
    }

    public override ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken) =>
        ChangeAsync("set", () => base.SetAsync(key, write, cancellationToken));

    public override ValueTask SetManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken) =>
        ChangeAsync("set", () => base.SetManyAsync(items, cancellationToken));

    public override ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        ChangeAsync("remove", () => base.RemoveAsync(keys, cancellationToken));

    public override ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        ChangeAsync("expire", () => base.ExpireAsync(keys, cancellationToken));

    public override async ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        RoundTrips++;
        if (BeforeRelease is { } gate)
        {
            BeforeRelease = null;
            await gate.PassAsync(cancellationToken);
        }

        await base.ReleaseLeaseAsync(key, token, retryAfter, cancellationToken);
        EndedLeases++;
    }

    public async ValueTask<KeyScan> ScanAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken)
    {
        if (cursor is not null && BetweenScans is { } gate)
        {
            await gate.PassAsync(cancellationToken);
        }

        return await _scanner.ScanAsync(prefix, cursor, count, cancellationToken);
    }

    public ValueTask<IReadOnlyList<EntryHeader?>> ReadHeadersAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        _scanner.ReadHeadersAsync(keys, cancellationToken);

    private async ValueTask ChangeAsync(string kind, Func<ValueTask> change)
    {
        Changes.Enqueue(kind);
        if (BeforeChange is { } before)
        {
            BeforeChange = null;
            await before.PassAsync();
        }

        await change();
        if (AfterChange is { } after)
        {
            AfterChange = null;
            await after.PassAsync();
        }
    }
}
