namespace Larder.Diagnostics;

/// <summary>
/// Those that want to hear of each request, besides the meter: subscribers of events, the watch of a dashboard, the log of what was
/// answered. One number for all caches of the process, since each hit asks whether there is anybody.
/// </summary>
internal static class Audience
{
    private static int _count;

    public static int Count => Volatile.Read(ref _count);

    public static bool IsThere => Count != 0;

    public static void Join() => Interlocked.Increment(ref _count);

    public static void Leave() => Interlocked.Decrement(ref _count);
}
