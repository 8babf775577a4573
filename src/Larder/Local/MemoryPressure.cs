namespace Larder.Local;

/// <summary>
/// Makes L1 smaller while memory is short: by a tenth of what it holds at each collection that finds it short, down to a
/// hundredth of its bounds; and lets it grow back within two minutes.
/// </summary>
internal sealed class MemoryPressure(LocalCache local, Func<MemoryReading> memory)
{
    private const double Kept = 0.9;
    private const double LeastAllowance = 0.01;
    private const double Regained = 0.01;

    // What was collected before this cache was there is no news.
    private long _heeded = memory().Collection;

    /// <summary>To be called once a second.</summary>
    /// <param name="part">After how many evictions the cache's lock is let go.</param>
    public void Heed(int part)
    {
        var reading = memory();
        var isNews = reading.Collection != _heeded;
        _heeded = reading.Collection;
        if (!reading.IsHigh)
        {
            if (local.Allowance < 1)
            {
                local.Allowance = Math.Min(1, local.Allowance + Regained);
            }
        }
        else if (isNews)
        {
            var share = Math.Max(LeastAllowance, Kept * Math.Min(local.Fill, local.Allowance));
            Parts.Run(() => local.Trim(share, part));
            local.Allowance = share;
        }
    }
}
