using Larder.Inspection;
using Larder.Stores;

namespace Larder;

/// <summary>The keys of a <see cref="LarderCache"/> that begin alike or match a pattern.</summary>
public static class LarderKeyExtensions
{
    /// <summary>
    /// Lists the keys that begin with a prefix and have a value in L2, or in this node's L1 where the cache has no L2: by a
    /// scan of all that is on the server, in steps that its other clients hardly notice. Expired values that are kept for
    /// fail-safe count.
    /// </summary>
    /// <param name="cache">The cache.</param>
    /// <param name="prefix">The prefix; empty for all keys. Its characters stand for themselves: <c>*</c> too.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <returns>
    /// The keys, in no order. Those that are there from the first step to the last come; one that changes meanwhile may come
    /// or not, and one may come twice.
    /// </returns>
    /// <exception cref="NotSupportedException">L2 can't list its keys, as no <c>IDistributedCache</c> can.</exception>
    /// <exception cref="StoreUnavailableException">While enumerating: L2 can't be reached.</exception>
    /// <exception cref="TimeoutException">While enumerating: L2 does not answer.</exception>
    /// <remarks>
    /// Keys whose value is still being made are not listed, nor those that a tag or Clear has removed, nor what only the L1 of
    /// a node has (<c>DisableDistributedCacheWrite</c>), nor what can't be read, which may be another program's.
    /// </remarks>
    public static IAsyncEnumerable<string> ListKeysAsync(
        this LarderCache cache, string prefix = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(prefix);
        return cache.Keys.ListAsync(KeyPattern.StartingWith(prefix), cancellationToken);
    }

    /// <summary>Lists the keys that match a pattern, as <see cref="ListKeysAsync"/> lists those that begin alike, with what holds there.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="pattern">
    /// The pattern: <c>*</c> stands for any characters, also none, <c>?</c> for one, and every other for itself, brackets and backslashes
    /// too. Without <c>*</c> and <c>?</c> it is one key, which is not scanned for.
    /// </param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <returns>The keys, in no order; one may come twice.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="pattern"/> is empty, longer than <see cref="LarderOptions.MaximumKeyLength"/>, or no valid Unicode text.
    /// </exception>
    /// <inheritdoc cref="ListKeysAsync" path="/exception"/>
    public static IAsyncEnumerable<string> ListKeysByPatternAsync(
        this LarderCache cache, string pattern, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        KeyRules.CheckPattern(pattern, cache.Node.Options.MaximumKeyLength);
        return cache.Keys.ListAsync(KeyPattern.Parse(pattern), cancellationToken);
    }

    /// <summary>
    /// Removes the values of all keys that begin with a prefix, in steps: a scan of all that is on the server, one round trip for
    /// each 500 of its keys, and for those that begin so one a hundred, to see what they are, and one a removal. What belongs
    /// together is better given a tag: <see cref="LarderCache.RemoveByTagAsync(string, CancellationToken)"/> removes it at once, in one round trip.
    /// </summary>
    /// <param name="cache">The cache.</param>
    /// <param name="prefix">The prefix. Its characters stand for themselves: <c>*</c> too.</param>
    /// <param name="cancellationToken">Cancels the call between two steps; what was removed until then stays removed.</param>
    /// <returns>How many keys were removed.</returns>
    /// <exception cref="ArgumentException"><paramref name="prefix"/> is empty; <see cref="LarderCache.ClearAsync"/> is for everything.</exception>
    /// <exception cref="NotSupportedException">L2 can't list its keys, as no <c>IDistributedCache</c> can.</exception>
    /// <exception cref="StoreUnavailableException">L2 can't be reached. What was removed until then stays removed.</exception>
    /// <exception cref="TimeoutException">L2 does not answer. What was removed until then stays removed.</exception>
    /// <remarks>
    /// It removes what <see cref="ListKeysAsync"/> lists, and what only this node's L1 has, each as
    /// <see cref="LarderCache.RemoveAsync(string, CancellationToken)"/> does: from L2 and the L1 of all nodes. A key that is written while it
    /// runs may be removed or not, with its old value or the new one. It leaves keys whose value is still being made, on any node, and
    /// those that only another node's L1 has. It always waits for L2, whatever
    /// <see cref="LarderEntryOptions.InvalidateInBackground"/> says.
    /// </remarks>
    public static ValueTask<long> RemoveByPrefixAsync(
        this LarderCache cache, string prefix, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length == 0)
        {
            throw new ArgumentException($"The prefix was empty; it has at least one character. {nameof(LarderCache.ClearAsync)} removes everything.", nameof(prefix));
        }

        return cache.Keys.RemoveAsync(KeyPattern.StartingWith(prefix), cancellationToken);
    }

    /// <summary>
    /// Removes the values of all keys that match a pattern, as <see cref="RemoveByPrefixAsync"/> removes those that begin alike, with
    /// what holds and costs there.
    /// </summary>
    /// <param name="cache">The cache.</param>
    /// <param name="pattern">
    /// The pattern: <c>*</c> stands for any characters, also none, <c>?</c> for one, and every other for itself, brackets and backslashes
    /// too. Without <c>*</c> and <c>?</c> it is one key, which is not scanned for.
    /// </param>
    /// <param name="cancellationToken">Cancels the call between two steps; what was removed until then stays removed.</param>
    /// <returns>How many keys were removed.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="pattern"/> is empty, longer than <see cref="LarderOptions.MaximumKeyLength"/>, no valid Unicode text, or has no
    /// character but <c>*</c>; <see cref="LarderCache.ClearAsync"/> is for everything.
    /// </exception>
    /// <exception cref="NotSupportedException">L2 can't list its keys, as no <c>IDistributedCache</c> can.</exception>
    /// <exception cref="StoreUnavailableException">L2 can't be reached. What was removed until then stays removed.</exception>
    /// <exception cref="TimeoutException">L2 does not answer. What was removed until then stays removed.</exception>
    public static ValueTask<long> RemoveByPatternAsync(
        this LarderCache cache, string pattern, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        KeyRules.CheckPattern(pattern, cache.Node.Options.MaximumKeyLength);
        if (!pattern.AsSpan().ContainsAnyExcept('*'))
        {
            throw new ArgumentException(
                $"The pattern was '{pattern}'; it has a character other than '*'. {nameof(LarderCache.ClearAsync)} removes everything.", nameof(pattern));
        }

        return cache.Keys.RemoveAsync(KeyPattern.Parse(pattern), cancellationToken);
    }
}
