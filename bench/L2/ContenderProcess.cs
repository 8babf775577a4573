using System.Diagnostics;
using System.Text.Json;

namespace L2;

/// <summary>The other end of a <see cref="ContenderHost"/>.</summary>
internal sealed class ContenderProcess : IAsyncDisposable
{
    /// <summary>The first word of its command line; the name is the second.</summary>
    public const string Command = "contender";

    private readonly Process _process;

    private ContenderProcess(string name, Process process) => (Name, _process) = (name, process);

    public string Name { get; }

    public static ContenderProcess Start(string name) => new(name, Process.Start(
        new ProcessStartInfo("dotnet", [typeof(ContenderProcess).Assembly.Location, Command, name]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);

    /// <summary>Has it start anew.</summary>
    /// <returns>Whether it has the operation.</returns>
    public Task<bool> StartAsync(Order order) => TellAsync<bool>(order);

    /// <summary>Has it run for a while.</summary>
    public Task<Rate> RunAsync(Order order) => TellAsync<Rate>(order);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<T> TellAsync<T>(Order order)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{Name} has ended at {order}.");
        return JsonSerializer.Deserialize<T>(answer)!;
    }
}
