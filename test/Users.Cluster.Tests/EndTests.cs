using System.Diagnostics;
using System.Globalization;
using Larder.Testing;
using Users.Cluster.Tests.Clusters;

namespace Users.Cluster.Tests;

/// <summary>No process outlives the cluster, however it ends.</summary>
public sealed class EndTests
{
    [Fact]
    public async Task Interrupt_OfTheCluster_EndsEveryProcess()
    {
        Assert.SkipWhen(IgnoresInterrupt(), "A shell started this run in the background: it ignores Ctrl+C, and so does what it starts.");

        await EndAsync(static process => process.Interrupt(), exitCode: 0);
    }

    [Fact]
    public async Task Terminate_OfTheCluster_EndsEveryProcess() => await EndAsync(static process => process.Terminate(), exitCode: 0);

    [Fact]
    public async Task Kill_OfTheCluster_EndsEveryProcess() => await EndAsync(static process => process.Kill(), exitCode: 137);

    private static async Task EndAsync(Action<Process> end, int exitCode)
    {
        await using var cluster = await RunningCluster.StartAsync("--nodes", "1");
        var members = await cluster.MembersAsync();
        Assert.Equal(["origin", "store", "web1"], members.Select(member => member.Name));
        Assert.DoesNotContain(members, member => member.HasEnded());

        end(cluster.Process.Process);

        Assert.Equal(exitCode, await cluster.Process.EndAsync());
        await Eventually.TrueAsync(() => members.All(member => member.HasEnded()));
    }

    // Bit 1 of the ignored signals is SIGINT.
    private static bool IgnoresInterrupt() =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(static line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var ignored
        && (ulong.Parse(ignored.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
}
