using System.Diagnostics;
using System.Net;
using Larder.Testing;
using Users.Cluster.Tests.Clusters;
using Users.Web.Tests.Apps;

namespace Users.Cluster.Tests;

/// <summary>Whatever is killed, the rest answers.</summary>
[Collection(nameof(SharedCluster))]
public sealed class FaultTests(SharedCluster shared) : IAsyncDisposable
{
    private static readonly string[] Nodes = ["web1", "web2", "web3"];

    private readonly RunningCluster _cluster = shared.Cluster;

    public async ValueTask DisposeAsync() => await _cluster.MakeWholeAsync();

    [Fact]
    public async Task Page_ThroughTheBalancer_IsAnsweredByEachNodeInTurn()
    {
        // As soon as the health checks have seen all of them: another test may just have started one again.
        await Eventually.TrueAsync(async () =>
        {
            List<string> servers = [];
            while (servers.Count < Nodes.Length)
            {
                servers.Add((await _cluster.PageAsync()).Server.Split(',')[0]);
            }

            return servers.Order().SequenceEqual(Nodes);
        });
    }

    [Fact]
    public async Task CacheAndClear_ThroughTheBalancer_AreSeenOnEveryNode()
    {
        await _cluster.PressAsync(Buttons.Clear);
        var cached = await _cluster.PressAsync(Buttons.Cache);

        Assert.StartsWith("Cached: the origin was called", cached.Notice, StringComparison.Ordinal);
        await AllShowAsync(RunningCluster.FirstEmail);

        await _cluster.PressAsync(Buttons.Clear);
        await AllShowAsync(RunningCluster.Nothing);
    }

    [Fact]
    public async Task Requests_WhileANodeIsDead_AreAnsweredByTheOthers()
    {
        var dead = await _cluster.MemberAsync("web2");
        await _cluster.KillAsync("web2");
        Assert.True(dead.HasEnded());

        // Without a pause, so that the first ones come before any health check; forms, too.
        for (var i = 0; i < 2 * Nodes.Length; i++)
        {
            Assert.DoesNotContain("web2", (await _cluster.PageAsync()).Server, StringComparison.Ordinal);
            await _cluster.PressAsync(Buttons.Cache);
        }

        // It stays dead for longer than one that ended by itself would.
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2))
        {
            await _cluster.PageAsync();
        }

        Assert.Equal("stopped", (await _cluster.MemberAsync("web2")).State);

        await _cluster.StartAgainAsync("web2");
        await Eventually.TrueAsync(async () => (await _cluster.PageAsync()).Server.StartsWith("web2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Node_ThatEndsByItself_IsStartedAgain()
    {
        var before = await _cluster.MemberAsync("web3");
        using (var process = Process.GetProcessById(before.ProcessId!.Value))
        {
            process.Kill();
        }

        await Eventually.TrueAsync(
            async () => await _cluster.MemberAsync("web3") is { State: "running", ProcessId: { } now } && now != before.ProcessId,
            TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Requests_WhileANodeIsFrozen_GoToTheOthersAsSoonAsAHealthCheckSeesIt()
    {
        using var frozen = Process.GetProcessById((await _cluster.MemberAsync("web1")).ProcessId!.Value);
        frozen.Suspend();
        try
        {
            // Its turn would come within three; one that came before the check waits for it meanwhile.
            await Eventually.TrueAsync(
                async () =>
                {
                    for (var i = 0; i < Nodes.Length; i++)
                    {
                        // Given up, not left behind: its answer would come when the node thaws, with a cookie for another form.
                        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                        await _cluster.PageAsync(cancellationToken: limit.Token);
                    }

                    return true;
                },
                TimeSpan.FromSeconds(30));
        }
        finally
        {
            frozen.Resume();
        }
    }

    [Fact]
    public async Task Requests_WhileTheStoreIsDead_GoOnFromTheOrigin()
    {
        await _cluster.PressAsync(Buttons.Clear);
        await AllShowAsync(RunningCluster.Nothing);
        await _cluster.KillAsync("store");

        Assert.Equal(HttpStatusCode.OK, await _cluster.SendAsync(HttpMethod.Get, "/"));
        Assert.Equal("Origin", await _cluster.SourceAsync());

        // What a node caches is seen by all again as soon as it is connected.
        await _cluster.StartAgainAsync("store");
        await Eventually.TrueAsync(
            async () =>
            {
                await _cluster.PressAsync(Buttons.Clear);
                await _cluster.PressAsync(Buttons.Cache);
                return (await EmailsAsync()).All(static email => email == RunningCluster.FirstEmail);
            },
            TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task CachedPage_WhileTheOriginIsDead_IsAnsweredByEveryNode()
    {
        await _cluster.PressAsync(Buttons.Cache);
        await _cluster.KillAsync("origin");

        await AllShowAsync(RunningCluster.FirstEmail);
        Assert.StartsWith("Cached already", (await _cluster.PressAsync(Buttons.Cache)).Notice, StringComparison.Ordinal);

        await _cluster.StartAgainAsync("origin");
    }

    private async Task AllShowAsync(string email) =>
        // The message is on its way for milliseconds.
        await Eventually.TrueAsync(async () => (await EmailsAsync()).All(shown => shown == email));

    private async Task<List<string>> EmailsAsync()
    {
        List<string> emails = [];
        foreach (var node in (await _cluster.MembersAsync()).Where(member => member.Name.StartsWith("web", StringComparison.Ordinal)))
        {
            emails.Add((await _cluster.PageAsync(node.Address)).Email);
        }

        return emails;
    }
}
