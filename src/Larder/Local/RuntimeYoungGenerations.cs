using System.Runtime;

namespace Larder.Local;

/// <summary>Those of the runtime's heap.</summary>
internal sealed class RuntimeYoungGenerations : IYoungGenerations, IThreadPoolWorkItem
{
    public static readonly RuntimeYoungGenerations Instance = new();

    private RuntimeYoungGenerations()
    {
    }

    public int Collections => GC.CollectionCount(0);

    public YoungCollection Last
    {
        get
        {
            var info = GC.GetGCMemoryInfo(GCKind.Ephemeral);
            return new YoungCollection(info.Index, info.PauseDurations[0]);
        }
    }

    public void Collect() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute()
    {
        // A collection would end the app's region without any.
        if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        }
    }
}
