using Larder.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a cache to an app's health checks.</summary>
public static class LarderHealthCheckExtensions
{
    /// <summary>
    /// Adds a check of a cache on this node. It is healthy while L2 answers, L1 is trusted, and every invalidation has reached
    /// L2; otherwise its description says what is wrong and since when. The app works all the same, slower: a load balancer
    /// should not take a node out for it.
    /// </summary>
    /// <param name="builder">The app's health checks.</param>
    /// <param name="name">The cache's name. Default: empty, for the default cache.</param>
    /// <param name="failureStatus">What is reported if something is wrong. Default: <see cref="HealthStatus.Degraded"/>.</param>
    /// <param name="tags">Tags to filter health checks by. Default: none.</param>
    /// <returns>The builder. The check is named <c>larder</c>, or <c>larder:{name}</c> for a named cache.</returns>
    public static IHealthChecksBuilder AddLarderHealthCheck(
        this IHealthChecksBuilder builder, string name = "", HealthStatus failureStatus = HealthStatus.Degraded, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return builder.Add(new HealthCheckRegistration(
            name.Length == 0 ? "larder" : $"larder:{name}", services => new CacheHealthCheck(services, name), failureStatus, tags));
    }
}
