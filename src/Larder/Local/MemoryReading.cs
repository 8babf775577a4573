namespace Larder.Local;

/// <summary>How full the memory was at a garbage collection.</summary>
/// <param name="Collection">The collection's number; a reading says nothing new until it changes.</param>
/// <param name="Load">The bytes in use of what the process may use: the machine's, or its container's.</param>
/// <param name="HighLoad">From how many on that is too much; the runtime's own threshold, 90 % unless configured.</param>
internal readonly record struct MemoryReading(long Collection, long Load, long HighLoad)
{
    public bool IsHigh => Load >= HighLoad && HighLoad > 0;

    public static MemoryReading Take()
    {
        var info = GC.GetGCMemoryInfo(GCKind.Any);
        return new MemoryReading(info.Index, info.MemoryLoadBytes, info.HighMemoryLoadThresholdBytes);
    }
}
