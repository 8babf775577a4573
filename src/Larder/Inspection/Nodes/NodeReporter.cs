using Larder.Diagnostics;
using Larder.Local;

namespace Larder.Inspection;

/// <summary>Says how this node is.</summary>
internal sealed class NodeReporter(CacheNode node)
{
    /// <summary>All of it. Counting begins with the first report, and ends a minute after the last.</summary>
    public NodeReport Report()
    {
        var now = Moment.Of(node.Clock);
        var local = node.Local.Local;
        return new()
        {
            NodeId = node.NodeId,
            At = now.Now,
            StartedAt = node.StartedAt,
            Trust = Trust(now),
            Store = new()
            {
                Description = node.Line?.Store.Description,
                IsDown = node.Line is { IsDown: true },
                DownSince = node.Line is { IsDown: true } line ? now.At(line.DownSince) : null,
                Undelivered = node.Undelivered.Count,
                OldestUndeliveredMs = node.Undelivered.OldestAge?.TotalMilliseconds,
            },
            Local = new()
            {
                Entries = local.Count,
                Bytes = local.Bytes,
                MaximumEntries = node.Options.Local.MaximumEntries,
                MaximumBytes = node.Options.Local.MaximumBytes,
                Evictions = Enum.GetValues<EvictionReason>().ToDictionary(Telemetry.NameOf, local.EvictionsFor),
            },
            Counts = node.Watch().Read(),
        };
    }

    /// <summary>What it leaves in L2.</summary>
    public NodeCard Card()
    {
        var now = Moment.Of(node.Clock);
        return new() { NodeId = node.NodeId, At = now.Now, StartedAt = node.StartedAt, Trust = Trust(now) };
    }

    private TrustReport Trust(Moment now)
    {
        var trust = node.Trust;
        var isTrusted = trust.IsTrusted(now.Ticks);
        var (echo, loss) = (node.Feed?.LastEcho, node.Feed?.LastLoss);
        return new()
        {
            IsTrusted = isTrusted,
            DistrustedSince = isTrusted ? null : trust.Until > 0 ? now.At(trust.Until) : node.StartedAt,
            LastLossAt = loss is null ? null : now.At(loss.At),
            LastLossReason = loss?.Reason,
            LagMs = echo?.Lag,
            SinceEchoMs = echo is null ? null : now.Ticks - echo.At,
        };
    }
}
