using System.Runtime.CompilerServices;
using Larder.Invalidations;
using Larder.Reads;
using Larder.Stores;

namespace Larder.Inspection;

/// <summary>The keys that begin alike or match a pattern, for code: those under which a reader can find something.</summary>
internal sealed class MatchingKeys(CacheNode node, LocalReads local, StoreReads store, Invalidator invalidator)
{
    // A removal is one script, during which the server does nothing else.
    private const int Step = 500;

    private readonly LocalKeys _inLocal = new(node, local);

    /// <summary>Lists the keys of L2, or of L1 where there is none.</summary>
    /// <exception cref="NotSupportedException">L2 can't list its keys.</exception>
    public IAsyncEnumerable<string> ListAsync(KeyPattern wanted, CancellationToken cancellationToken) =>
        ListAsync(Source(), wanted, cancellationToken);

    /// <summary>Removes the keys of L2, step by step, and then what this node's L1 has besides.</summary>
    /// <param name="wanted">Which.</param>
    /// <param name="cancellationToken">Cancels it between two steps.</param>
    /// <returns>How many there were.</returns>
    /// <inheritdoc cref="ListAsync(KeyPattern, CancellationToken)"/>
    public ValueTask<long> RemoveAsync(KeyPattern wanted, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return RemoveAsync(Source(), wanted, cancellationToken);
    }

    private static async IAsyncEnumerable<string> ListAsync(
        IKeySource source, KeyPattern wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var keys in StepsAsync(source, wanted, cancellationToken).ConfigureAwait(false))
        {
            foreach (var key in keys)
            {
                yield return key;
            }
        }
    }

    private async ValueTask<long> RemoveAsync(IKeySource source, KeyPattern wanted, CancellationToken cancellationToken)
    {
        var removed = 0L;
        IKeySource[] sources = source.Level == CacheLevel.L1 ? [source] : [source, _inLocal];
        foreach (var level in sources)
        {
            await foreach (var keys in StepsAsync(level, wanted, cancellationToken).ConfigureAwait(false))
            {
                await invalidator.RemoveAsync(keys, inBackground: false).ConfigureAwait(false);
                removed += keys.Length;
            }
        }

        return removed;
    }

    private IKeySource Source() => node.Line is not { } line ? _inLocal : StoreKeys.Of(node, store) ?? throw new NotSupportedException(
        $"The store ({line.Store.Description}) can't list its keys. Give entries that belong together a tag, and remove them by it.");

    private static async IAsyncEnumerable<string[]> StepsAsync(
        IKeySource source, KeyPattern wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var scan = wanted.IsKey
                ? new KeyScan([wanted.Beginning], null, 1, null)
                : await source.StepAsync(wanted.Beginning, cursor, Step, cancellationToken).ConfigureAwait(false);
            cursor = scan.Cursor;

            // The cache's own records are no entries of the app.
            string[] keys = [.. scan.Keys
                .Where(key => wanted.Matches(key) && !key.StartsWith(KeyRules.Reserved, StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)];
            if (keys.Length > 0)
            {
                var rows = await source.DescribeAsync(keys, cancellationToken).ConfigureAwait(false);
                string[] readable = [.. rows.Where(static row => IsReadable(row.State)).Select(static row => row.Key)];
                if (readable.Length > 0)
                {
                    yield return readable;
                }
            }
        }
        while (cursor is not null);
    }

    // What can't be read may be another program's.
    private static bool IsReadable(KeyState state) => state is not (KeyState.Killed or KeyState.Expired or KeyState.Unreadable);
}
