using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Policies;

/// <summary>
/// The policies of the options that were used last: an app that keeps its options has them composed once. The table has a fixed
/// size, and is all that keeps options alive which the app has let go.
/// </summary>
internal sealed class KnownPolicies(LarderEntryOptions defaults)
{
    private const int Places = 64;

    private readonly Known?[] _known = new Known?[Places];

    /// <inheritdoc cref="EntryPolicy.Compose(HybridCacheEntryOptions, LarderEntryOptions)"/>
    public EntryPolicy For(HybridCacheEntryOptions options)
    {
        ref var place = ref _known[RuntimeHelpers.GetHashCode(options) & (Places - 1)];
        if (place is not { } known || !ReferenceEquals(known.Options, options))
        {
            place = known = new(options, EntryPolicy.Compose(options, defaults));
        }

        return known.Policy;
    }

    private sealed record Known(HybridCacheEntryOptions Options, EntryPolicy Policy);
}
