namespace Larder;

/// <summary>The bounds of L1, the part of a cache that is in the process's own memory.</summary>
public sealed class LocalOptions
{
    // A tenth: an app with some caches, and estimates that are too low by half, still has most of its memory.
    private const int ShareOfMemory = 10;

    private readonly Dictionary<Type, Delegate> _sizes = [];

    /// <summary>How many entries L1 holds at most.</summary>
    /// <value>Default: 100,000. From 1 to 100,000,000.</value>
    public int MaximumEntries { get; set; } = 100_000;

    /// <summary>
    /// How many bytes the entries in L1 take together at most. An entry takes what its value does
    /// (<see cref="LarderEntryOptions.LocalSize"/> where given, or what a function given to <see cref="SizeOf{T}"/> says, or
    /// the serialized length where the value is serialized, or an estimate), its key, and some 170 bytes for the entry
    /// itself. A larger entry is not kept in L1.
    /// </summary>
    /// <value>
    /// Default: a tenth of the memory that the process may use, that of the machine or of its container
    /// (<see cref="GCMemoryInfo.TotalAvailableMemoryBytes"/>). In bytes, at least 1,024.
    /// </value>
    public long MaximumBytes { get; set; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory;

    /// <summary>
    /// How long a garbage collection of the young generations may take before L1 calls for the next ones itself, so early that those
    /// are shorter: one moves all that was stored since the one before. It calls for none after less than 1,024 stores, lets them take a
    /// twentieth of the time at most, and gives up for a minute where they don't become shorter. No guarantee: what the
    /// app allocates has pauses of its own.
    /// </summary>
    /// <value>
    /// Default: 10 ms. From 1 ms to 1 s, or <see cref="TimeSpan.Zero"/>, which leaves all collections to the runtime.
    /// </value>
    public TimeSpan CollectionPauseGoal { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Where what L1 has no room for goes: to this node's own disk, if it is given a directory.</summary>
    public OverflowOptions Overflow { get; set; } = new();

    /// <summary>
    /// Says how large the values of a type are, where neither a call's <see cref="LarderEntryOptions.LocalSize"/> nor that of
    /// the defaults does. A function for the same type takes the place of an earlier one.
    /// </summary>
    /// <typeparam name="T">The type that the values are cached as.</typeparam>
    /// <param name="size">
    /// Returns a value's size in bytes, 0 or more; the key and the entry itself are added. It is called for each value that
    /// is stored in L1, on any thread; what it throws goes to the caller who loads or sets the value.
    /// </param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="size"/> is <see langword="null"/>.</exception>
    public LocalOptions SizeOf<T>(Func<T, long> size)
    {
        ArgumentNullException.ThrowIfNull(size);
        _sizes[typeof(T)] = size;
        return this;
    }

    /// <summary>What the function for the type says; <see langword="null"/> if there is none, or no value.</summary>
    internal long? Measure<T>(T value)
    {
        if (value is null || _sizes.Count == 0 || !_sizes.TryGetValue(typeof(T), out var size))
        {
            return null;
        }

        var bytes = ((Func<T, long>)size)(value);
        return bytes >= 0
            ? bytes
            : throw new InvalidOperationException($"The function given to SizeOf<{typeof(T)}> returned {bytes}; it may return 0 or more.");
    }
}
