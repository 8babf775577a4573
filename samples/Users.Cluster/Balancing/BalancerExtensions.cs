using Users.Cluster.Balancing;
using Users.Cluster.Processes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The load balancer: YARP in front of the app servers.</summary>
internal static class BalancerExtensions
{
    private const string Nodes = "nodes";

    // Longer than the app waits for its origin, shorter than a person does for a server that is frozen.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    /// <summary>Adds it: each request goes to the next of the app servers that answer.</summary>
    public static IServiceCollection AddBalancer(this IServiceCollection services, ClusterPlan plan)
    {
        services.AddReverseProxy().LoadFromMemory([Everything()], [Cluster(plan)]);
        return services;
    }

    /// <summary>Maps it: what no other endpoint takes goes to an app server.</summary>
    public static void MapBalancer(this IEndpointRouteBuilder endpoints) => endpoints.MapReverseProxy(static pipeline =>
    {
        pipeline.UseMiddleware<NextNode>();
        pipeline.UseLoadBalancing();
    });

    private static RouteConfig Everything() => new() { RouteId = "everything", ClusterId = Nodes, Match = new RouteMatch { Path = "{**path}" } };

    private static ClusterConfig Cluster(ClusterPlan plan) => new()
    {
        ClusterId = Nodes,
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        Destinations = plan.Nodes.ToDictionary(
            static node => node.Name,
            // Not localhost, which is two addresses to try.
            static node => new DestinationConfig { Address = $"http://127.0.0.1:{node.Address.Port}" }),
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = AnswerLimit },
        HealthCheck = new HealthCheckConfig
        {
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = ProbeInterval,
                Timeout = ProbeInterval,
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                Path = "/favicon.svg", // not the page: looking at it counts as a read, and would keep the list cached for ever
            },
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
        },
        // One failed probe is enough: a request that is sent there all the same is sent on.
        Metadata = new Dictionary<string, string> { [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = "1" },
    };
}
