using Larder.Stores;

namespace Larder.Redis.Tests.Nodes;

/// <summary>The real store, with gates at which a test holds an operation's answer back after the server has carried it out.</summary>
internal sealed class GatedStore(ILarderStore store) : DelegatingStore(store)
{
    /// <summary>Passed by the next read, before it is sent.</summary>
    public Gate? BeforeRead { get; set; }

    /// <summary>Passed by the next read that finds something, after it was read.</summary>
    public Gate? AfterRead { get; set; }

    /// <summary>Passed by the next commit, before it is sent.</summary>
    public Gate? BeforeCommit { get; set; }

    public override async ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken)
    {
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

    public override async ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken)
    {
        if (BeforeCommit is { } gate)
        {
            BeforeCommit = null;
            await gate.PassAsync(cancellationToken);
        }

        return await base.CommitAsync(key, token, write, cancellationToken);
    }
}
