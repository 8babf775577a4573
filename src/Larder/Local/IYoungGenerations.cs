namespace Larder.Local;

/// <summary>A garbage collection of the young generations, 0 or 0 and 1.</summary>
/// <param name="Number">Its number among all collections of the process.</param>
/// <param name="Pause">How long it let the process stand still.</param>
internal readonly record struct YoungCollection(long Number, TimeSpan Pause);

/// <summary>The young generations of the process's heap, where what L1 stores is until a collection moves it on.</summary>
internal interface IYoungGenerations
{
    /// <summary>How many collections there were, those of all generations included: cheap to ask.</summary>
    int Collections { get; }

    /// <summary>The last one of the young generations alone.</summary>
    YoungCollection Last { get; }

    /// <summary>Has them collected soon, on another thread.</summary>
    void Collect();
}
