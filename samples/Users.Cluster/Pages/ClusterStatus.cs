using System.Text.Json.Serialization;
using Users.Cluster.Processes;

namespace Users.Cluster.Pages;

/// <summary>The cluster at a moment, for the page.</summary>
/// <param name="Processes">The processes, in the order in which they are shown.</param>
/// <param name="Journal">What happened lately, the latest first.</param>
internal sealed record ClusterStatus(IReadOnlyList<ProcessStatus> Processes, IReadOnlyList<string> Journal)
{
    private const int JournalLines = 12;

    public static ClusterStatus Of(ClusterProcesses cluster, Journal journal) =>
        new([.. cluster.Members.Select(ProcessStatus.Of)], [.. journal.Last(JournalLines).Reverse()]);
}

/// <summary>A process at a moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="State">What it does: <c>running</c>, <c>starting</c>, <c>restarting</c> or <c>stopped</c>.</param>
/// <param name="ProcessId">Its process id, while there is one.</param>
internal sealed record ProcessStatus(string Name, string Description, Uri Address, string State, int? ProcessId)
{
    public static ProcessStatus Of(Member member)
    {
        var (state, processId) = member.Status;
        return new(member.Plan.Name, member.Plan.Description, member.Plan.Address, state.ToString().ToLowerInvariant(), processId);
    }
}

/// <summary>The status as JSON.</summary>
[JsonSerializable(typeof(ClusterStatus))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ClusterJson : JsonSerializerContext;
