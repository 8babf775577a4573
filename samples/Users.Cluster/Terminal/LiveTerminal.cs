using Spectre.Console;
using Spectre.Console.Rendering;
using Users.Cluster.Processes;

namespace Users.Cluster.Terminal;

/// <summary>For a person at a terminal: the table with the states as they change, the last events, and keys.</summary>
internal sealed class LiveTerminal(ClusterProcesses cluster, Journal journal, TimeProvider time)
{
    private const int Events = 6;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly bool _hasKeyboard = !Console.IsInputRedirected;

    /// <summary>Shows the cluster until it stops.</summary>
    public Task ShowAsync(CancellationToken stopping) => AnsiConsole.Live(Screen()).StartAsync(async screen =>
    {
        for (var shown = ""; !stopping.IsCancellationRequested;)
        {
            await PressedKeysAsync();

            // Only what is new: a terminal flickers, and a selection in it is lost.
            var now = string.Join(' ', cluster.Members.Select(static member => member.Status).Cast<object>().Append(journal.Count));
            if (now != shown)
            {
                shown = now;
                screen.UpdateTarget(Screen());
            }

            await Task.Delay(Interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    });

    private Rows Screen() => new(
    [
        StatusTable.Of(cluster, _hasKeyboard),
        new Text(_hasKeyboard ? $"{Hints.Where(cluster.Options)} {Hints.Keys}" : Hints.Where(cluster.Options)),
        Text.Empty,
        .. journal.Last(Events).Select(static IRenderable (line) => new Text(line, new Style(Color.Grey))),
    ]);

    private async Task PressedKeysAsync()
    {
        while (_hasKeyboard && Console.KeyAvailable)
        {
            var key = char.ToLowerInvariant(Console.ReadKey(intercept: true).KeyChar);
            if (cluster.Members.FirstOrDefault(member => member.Plan.Key == key) is { } member)
            {
                await member.ToggleAsync();
            }
        }
    }
}
