using System.Net;
using System.Net.Sockets;
using Larder.Testing;
using Users.Cluster.Tests.Clusters;
using Users.Web.Tests.Apps;

namespace Users.Cluster.Tests;

/// <summary>The options of the command line.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--nodes 0", "--nodes was '0'; it may be 1 to 16.")]
    [InlineData("--nodes=17", "--nodes was '17'; it may be 1 to 16.")]
    [InlineData("--nodes", "--nodes was ''; it may be 1 to 16.")]
    [InlineData("--port 65001", "--port was '65001'; it may be 1 to 65000.")]
    [InlineData("--redis localhost:port", "--redis was 'localhost:port'; it may be a server's host:port")]
    [InlineData("--verbose", "--verbose is unknown; there are --nodes N, --port P, --redis host:port and --help.")]
    public async Task Start_WithAWrongOption_SaysSoInOneLine(string arguments, string message)
    {
        await using var cluster = ClusterProcess.Start(arguments.Split(' '));

        Assert.Equal(2, await cluster.EndAsync());
        Assert.StartsWith(message, Assert.Single(cluster.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithHelp_ListsTheOptions()
    {
        await using var cluster = ClusterProcess.Start("--help");

        Assert.Equal(0, await cluster.EndAsync());
        var text = string.Join('\n', cluster.Output);
        Assert.All(["--nodes N", "--port P", "--redis host:port"], option => Assert.Contains(option, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_AtATakenPort_NamesIt()
    {
        var port = FreePort.Next();
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();
        await using var cluster = ClusterProcess.Start("--port", $"{port}");

        Assert.Equal(1, await cluster.EndAsync());
        Assert.Equal($"Port {port} is taken: stop what listens there, or choose another with --port.", Assert.Single(cluster.Errors));
    }

    [Fact]
    public async Task Redis_ThatIsGiven_IsTheStore()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var cluster = await RunningCluster.StartAsync("--nodes", "2", "--redis", redis.Configuration);

        var members = await cluster.MembersAsync();
        Assert.Equal(["origin", "web1", "web2"], members.Select(member => member.Name));
        var cached = await cluster.PressAsync(Buttons.Cache);
        Assert.StartsWith("Cached: the origin was called", cached.Notice, StringComparison.Ordinal);
        Assert.Equal(RunningCluster.FirstEmail, (await cluster.PageAsync(members[1].Address)).Email);
        Assert.Equal(RunningCluster.FirstEmail, (await cluster.PageAsync(members[2].Address)).Email);
    }
}
