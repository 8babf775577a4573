using Larder.Factories;
using Larder.Fences;
using Larder.Leases;
using Larder.Policies;
using Larder.Reads;
using Larder.Tags;

namespace Larder.Flights;

/// <summary>
/// Loads whose factory the cache does not run: who finds nothing makes the value elsewhere, and brings it with the mark of
/// its miss. What was made before an invalidation is kept nowhere after it.
/// </summary>
/// <remarks>
/// There is no lease: who has made the value may never come back. So a removal of the very key, on another node, is not
/// told from no removal; the keys are to be such that nobody can remove them but by a tag (<see cref="KeyRules.Reserved"/>).
/// </remarks>
internal sealed class OpenLoads(CacheNode node, LocalReads local, Lookups lookups, StoreReads reads, Keeping keeping)
{
    /// <summary>Finds a value.</summary>
    public ValueTask<CacheResult<T>> FindAsync<T>(string key, EntryPolicy policy, CancellationToken cancellationToken) =>
        local.TryFind(key, out CacheResult<T> found) ? new(found) : lookups.FindAsync<T>(key, policy, cancellationToken);

    /// <summary>After nothing was found and before the value is made: what its keeping will be measured by.</summary>
    public async ValueTask<LoadMark> BeginAsync(string key, CancellationToken cancellationToken)
    {
        // What is kept without the tag clock's generation is born dead.
        if (node.Tags.Now.Generation is null && node.Line is { IsDown: false } line)
        {
            try
            {
                await reads.LearnTagsAsync(line, null, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                Log.StoreFault(node.Log, "read tags", fault);
            }
        }

        return node.Local.Capture(key);
    }

    /// <summary>Whether who comes now may share a value that is being made: nothing was invalidated since it was begun.</summary>
    public bool IsCurrent(LoadMark mark) => node.Local.IsCurrent(mark, null, areTagsKnown: false);

    /// <summary>Keeps a value wherever it may be kept.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="policy">The options in force.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="mark">Captured before it was made.</param>
    public async ValueTask KeepAsync<T>(string key, T value, EntryPolicy policy, string[]? tags, LoadMark mark)
    {
        // L2 would take it, and nobody would read it; but it would take the place of one that is good.
        if (node.Tags.Check(mark.Stamp, tags) is TagVerdict.Invalid or TagVerdict.Expired)
        {
            node.LogRefused(key);
            return;
        }

        var flight = new Flight<T>(new FlightKey(key, typeof(T), policy.Flags), new FlightTerms(policy, tags, IsCancellable: false))
        {
            Mark = mark,
        };
        var grant = new Grant(node.Line is null ? GrantKind.LocalOnly : GrantKind.Unfenced);
        await keeping.KeepAsync(flight, new Made<T>(value, policy, tags), grant).ConfigureAwait(false);
    }
}
