using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;

namespace Larder;

/// <summary>
/// Options of one entry: those of <see cref="HybridCacheEntryOptions"/>, and what Larder adds to them. Pass it wherever a
/// <see cref="HybridCacheEntryOptions"/> is expected, also through a <see cref="HybridCache"/>: it converts by itself.
/// A value that is not set is taken from <see cref="LarderOptions.DefaultEntryOptions"/>.
/// </summary>
/// <remarks>
/// Make one and keep it (in a static field, say): the conversion is then done once. After its first use it can't be
/// changed; an attempt throws <see cref="InvalidOperationException"/>.
/// </remarks>
public sealed class LarderEntryOptions
{
    // HybridCacheEntryOptions is sealed. The options made by the conversion carry this bit, so that ordinary ones, which
    // are the rule, never pay for the look-up of what they were made from.
    private const HybridCacheEntryFlags Converted = (HybridCacheEntryFlags)(1 << 30);

    // Set together with it where Flags was not set: then the cache's default counts.
    private const HybridCacheEntryFlags Unset = (HybridCacheEntryFlags)(1 << 29);

    private static readonly ConditionalWeakTable<HybridCacheEntryOptions, LarderEntryOptions> Origins = [];

    private HybridCacheEntryOptions? _converted;

    /// <summary>The absolute expiration, from the moment of writing.</summary>
    /// <value>Default: 5 minutes (<see cref="LarderOptions.DefaultEntryOptions"/>). More than zero.</value>
    public TimeSpan? Expiration { get; set => field = Unused(value); }

    /// <summary>
    /// The sliding expiration: the entry expires when nobody, on any node, has read it for this long, and at the absolute
    /// expiration in any case.
    /// </summary>
    /// <value>Default: none. More than zero.</value>
    public TimeSpan? SlidingExpiration { get; set => field = Unused(value); }

    /// <summary>How long a node may keep its copy in L1 at most.</summary>
    /// <value>Default: as long as the entry lives. More than zero.</value>
    public TimeSpan? LocalCacheExpiration { get; set => field = Unused(value); }

    /// <summary>Which levels are read and written, exactly as <see cref="HybridCacheEntryFlags"/> documents them.</summary>
    /// <value>Default: <see cref="HybridCacheEntryFlags.None"/>.</value>
    public HybridCacheEntryFlags? Flags { get; set => field = Unused(value); }

    /// <summary>The entry's size in L1, in bytes.</summary>
    /// <value>Default: the length of the serialized value, or an estimate where nothing is serialized.</value>
    public long? LocalSize { get; set => field = Unused(value); }

    /// <summary>
    /// Which entries leave L1 first when others need their room, or the process is short of memory:
    /// <see cref="CacheItemPriority.Low"/> before others, <see cref="CacheItemPriority.High"/> after them, and
    /// <see cref="CacheItemPriority.NeverRemove"/> only when nothing else is left; the bounds of L1 hold all the same. It changes
    /// neither how long the entry lives nor what an invalidation does, and L2 knows nothing of it.
    /// </summary>
    /// <value>Default: <see cref="CacheItemPriority.Normal"/>.</value>
    public CacheItemPriority? LocalPriority { get; set => field = Unused(value); }

    /// <summary>
    /// The app promises not to change cached values: hits share one instance whatever the type. Immutable types share
    /// theirs without it; others are copied at each hit.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool? ShareInstances { get; set => field = Unused(value); }

    /// <summary>Whether a <see langword="null"/> is cached as any other value is.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool? CacheNull { get; set => field = Unused(value); }

    /// <summary>
    /// The absolute expiration of a <see langword="null"/>, "there is none": usually shorter than that of a value (the
    /// negative caching of RFC 2308).
    /// </summary>
    /// <value>Default: that of any other value. More than zero.</value>
    public TimeSpan? NullExpiration { get; set => field = Unused(value); }

    /// <summary>
    /// The absolute expiration is longer by a random time up to this one, so that what was written together doesn't expire
    /// together.
    /// </summary>
    /// <value>Default: none. Zero or more.</value>
    public TimeSpan? Jitter { get; set => field = Unused(value); }

    /// <summary>
    /// The share of an entry's life after which its next hit in L1 makes one caller across all nodes run the factory in the
    /// background; everybody else goes on with the value that is there. The factory must not need what ends
    /// with the request; <see cref="LarderScopedExtensions.GetOrCreateScopedAsync{TService, T}(LarderCache, string, Func{TService, CancellationToken, ValueTask{T}}, HybridCacheEntryOptions, IEnumerable{string}, CancellationToken)"/>
    /// gives it services of its own.
    /// </summary>
    /// <value>Default: none, no eager refresh. More than 0 and less than 1; 0.9 is usual.</value>
    public double? EagerRefresh { get; set => field = Unused(value); }

    /// <summary>What a caller gets when the factory fails.</summary>
    /// <value>Default: its exception.</value>
    public FailSafeOptions? FailSafe { get; set => field = Unused(value); }

    /// <summary>How long a caller waits for the factory.</summary>
    /// <value>Default: until it is done, or <see cref="LeaseOptions.MaximumDuration"/> is over for those that did not start it.</value>
    public FactoryTimeoutOptions? FactoryTimeout { get; set => field = Unused(value); }

    /// <summary>
    /// Whether a call that runs no factory (<c>TryGetAsync</c>, <c>GetManyAsync</c>, or one with
    /// <see cref="HybridCacheEntryFlags.DisableUnderlyingData"/>) gets a value that has expired, where there is none that has not.
    /// It finds those that were stored with <see cref="FailSafe"/>, for as long as that keeps them, and none that was removed.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool? ReadExpired { get; set => field = Unused(value); }

    /// <summary>
    /// Whether callers get what the factory made before it is in L2: the commit, under the lease as ever, goes on in the background.
    /// For a factory's value alone; <see cref="InvalidateInBackground"/> is for what the app changes.
    /// </summary>
    /// <value>Default: <see langword="false"/>: they wait for the commit, <see cref="LarderOptions.StoreTimeout"/> at most.</value>
    public bool? CommitInBackground { get; set => field = Unused(value); }

    /// <summary>
    /// Whether RemoveAsync and ExpireAsync return when this node obeys, before L2 and the other nodes know: those get it in
    /// the background, within milliseconds as a rule. This node never reads what was there before. What can't be delivered is
    /// queued and retried, also with <see cref="LarderOptions.ThrowOnUndelivered"/>; a process that is killed takes it along. A call
    /// for several keys does not wait if none of them is to be waited for. They take no options: theirs are those of the key
    /// (<see cref="LarderOptions.EntryOptionsFor"/>) and of the cache; at a call it says nothing. Set always waits, or it would bring back
    /// what another node has removed meanwhile; and so do removals and expiries by tag, and Clear.
    /// </summary>
    /// <value>Default: <see langword="false"/>: a call that has returned is done, on L2 too.</value>
    public bool? InvalidateInBackground { get; set => field = Unused(value); }

    /// <summary>Converts to the options that <see cref="HybridCache"/> takes; Larder gets all of them back from it.</summary>
    /// <param name="options">The options; <see langword="null"/> gives <see langword="null"/>.</param>
    public static implicit operator HybridCacheEntryOptions?(LarderEntryOptions? options) => options?.ToHybridCacheEntryOptions();

    /// <summary>Converts to the options that <see cref="HybridCache"/> takes; Larder gets all of them back from it.</summary>
    /// <returns>The same instance at every call.</returns>
    public HybridCacheEntryOptions ToHybridCacheEntryOptions() => _converted ?? Convert();

    /// <summary>The options that <paramref name="options"/> were converted from, or <see langword="null"/> if none.</summary>
    internal static LarderEntryOptions? Behind(HybridCacheEntryOptions options) =>
        (options.Flags.GetValueOrDefault() & Converted) != 0 && Origins.TryGetValue(options, out var origin) ? origin : null;

    /// <summary>The flags in force for <paramref name="options"/>, without the bits of the conversion.</summary>
    internal static HybridCacheEntryFlags FlagsOf(HybridCacheEntryOptions? options, HybridCacheEntryFlags defaults) =>
        options?.Flags is not { } flags || (flags & Unset) != 0 ? defaults : flags & ~Converted;

    /// <summary>These options, with others for what they leave open.</summary>
    internal LarderEntryOptions Over(LarderEntryOptions others) => new()
    {
        Expiration = Expiration ?? others.Expiration,
        SlidingExpiration = SlidingExpiration ?? others.SlidingExpiration,
        LocalCacheExpiration = LocalCacheExpiration ?? others.LocalCacheExpiration,
        Flags = Flags ?? others.Flags,
        LocalSize = LocalSize ?? others.LocalSize,
        LocalPriority = LocalPriority ?? others.LocalPriority,
        ShareInstances = ShareInstances ?? others.ShareInstances,
        CacheNull = CacheNull ?? others.CacheNull,
        NullExpiration = NullExpiration ?? others.NullExpiration,
        Jitter = Jitter ?? others.Jitter,
        EagerRefresh = EagerRefresh ?? others.EagerRefresh,
        FailSafe = FailSafe?.Over(others.FailSafe) ?? others.FailSafe,
        FactoryTimeout = FactoryTimeout?.Over(others.FactoryTimeout) ?? others.FactoryTimeout,
        ReadExpired = ReadExpired ?? others.ReadExpired,
        CommitInBackground = CommitInBackground ?? others.CommitInBackground,
        InvalidateInBackground = InvalidateInBackground ?? others.InvalidateInBackground,
    };

    private T Unused<T>(T value, [CallerMemberName] string name = "") => _converted is null
        ? value
        : throw new InvalidOperationException(
            $"{nameof(LarderEntryOptions)}.{name} can't be changed after the options were used: make new ones.");

    private HybridCacheEntryOptions Convert()
    {
        var converted = new HybridCacheEntryOptions
        {
            Expiration = Expiration,
            LocalCacheExpiration = LocalCacheExpiration,
            Flags = Converted | (Flags ?? Unset),
            LocalSize = LocalSize,
        };
        Origins.Add(converted, this);
        return Interlocked.CompareExchange(ref _converted, converted, null) ?? converted;
    }
}
