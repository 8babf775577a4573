using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Users.Cluster.Processes;

namespace Users.Cluster.Pages;

/// <summary>The control page. Its buttons work without a script; a script keeps what it shows up to date.</summary>
internal sealed class ClusterModel(ClusterProcesses cluster, Journal journal) : PageModel
{
    /// <summary>What the page shows.</summary>
    public ClusterStatus Status => ClusterStatus.Of(cluster, journal);

    /// <summary>The Redis-protocol server that was given; <see langword="null"/> if the cluster has one of its own.</summary>
    public string? GivenStore => cluster.Options.RedisAddress;

    /// <summary>The status as JSON.</summary>
    public IActionResult OnGetStatus() =>
        Content(JsonSerializer.Serialize(Status, ClusterJson.Default.ClusterStatus), MediaTypeNames.Application.Json);

    /// <summary>What a process has written lately, as text.</summary>
    /// <param name="name">The process's name.</param>
    public IActionResult OnGetOutput(string name) =>
        Find(name) is { } member ? Content(string.Join('\n', member.Output.Lines)) : NotFound();

    /// <summary>Kills a process.</summary>
    /// <param name="name">The process's name.</param>
    public async Task<IActionResult> OnPostKillAsync(string name)
    {
        if (Find(name) is not { } member)
        {
            return NotFound();
        }

        await member.KillAsync();
        return RedirectToPage();
    }

    /// <summary>Starts a process that was killed.</summary>
    /// <param name="name">The process's name.</param>
    public IActionResult OnPostStart(string name)
    {
        if (Find(name) is not { } member)
        {
            return NotFound();
        }

        member.StartAgain();
        return RedirectToPage();
    }

    private Member? Find(string name) => cluster.Members.FirstOrDefault(member => member.Plan.Name == name);
}
