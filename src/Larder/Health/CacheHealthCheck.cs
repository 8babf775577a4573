using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Larder.Health;

/// <summary>Says whether a cache on this node is healthy, detached from L2, or has invalidations that did not reach it.</summary>
internal sealed class CacheHealthCheck(IServiceProvider services, string name) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var node = services.GetRequiredKeyedService<LarderCache>(name).Node;
        var now = node.Clock.Now;
        var isTrusted = node.Trust.IsTrusted(now);
        var isDown = node.Line is { IsDown: true };
        var undelivered = node.Undelivered.Count;
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["node"] = node.NodeId,
            ["store"] = node.Line?.Store.Description ?? "memory only",
            ["storeIsDown"] = isDown,
            ["isTrusted"] = isTrusted,
            ["undelivered"] = undelivered,
        };

        var faults = new List<string>();
        if (isDown)
        {
            faults.Add($"L2 ({node.Line!.Store.Description}) does not answer");
        }

        if (!isTrusted)
        {
            // At the start of the process nothing has been trusted yet.
            var since = node.Trust.Until is > 0 and var until ? TimeSpan.FromMilliseconds(now - until) : (TimeSpan?)null;
            data["untrustedFor"] = since is { } time ? time : "since the start";
            faults.Add($"L1 is not trusted {(since is { } given ? "for " + Seconds(given) : "since the start")}: the feed does not arrive");
        }

        if (undelivered > 0)
        {
            var oldest = node.Undelivered.OldestAge.GetValueOrDefault();
            data["oldestUndelivered"] = oldest;
            faults.Add($"{undelivered} invalidation(s) have not reached L2, the oldest for {Seconds(oldest)}");
        }

        return Task.FromResult(faults.Count == 0
            ? HealthCheckResult.Healthy(node.Line is null ? "Memory only." : "L1 is trusted, L2 answers, and nothing is undelivered.", data)
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join("; ", faults) + ".", data: data));
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");
}
