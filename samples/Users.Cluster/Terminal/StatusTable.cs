using Spectre.Console;
using Spectre.Console.Rendering;
using Users.Cluster.Processes;

namespace Users.Cluster.Terminal;

/// <summary>The table of addresses.</summary>
internal static class StatusTable
{
    /// <summary>The table as of now.</summary>
    /// <param name="cluster">The processes.</param>
    /// <param name="withKeys">Whether there is a keyboard to press them on.</param>
    public static IRenderable Of(ClusterProcesses cluster, bool withKeys)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("Name", "Address", "State", "Process");
        if (withKeys)
        {
            table.AddColumn("Key");
        }

        Add("balancer", $"http://localhost:{cluster.Options.Port}", "running", Environment.ProcessId, "");
        foreach (var member in cluster.Members)
        {
            var (state, processId) = member.Status;
            Add(member.Plan.Name, member.Plan.Address.GetLeftPart(UriPartial.Authority), Colored(state), processId, $"{member.Plan.Key}");
        }

        if (cluster.Options.RedisAddress is { } given)
        {
            Add("store", Markup.Escape(given), "given", null, "");
        }

        return table;

        void Add(string name, string address, string state, int? processId, string key)
        {
            string[] cells = [name, address, state, $"{processId}"];
            table.AddRow(withKeys ? [.. cells, key] : cells);
        }
    }

    private static string Colored(ProcessState state) => state switch
    {
        ProcessState.Running => "[green]running[/]",
        ProcessState.Stopped => "[red]stopped[/]",
        ProcessState.Restarting => "[yellow]restarting[/]",
        _ => "[yellow]starting[/]",
    };
}
