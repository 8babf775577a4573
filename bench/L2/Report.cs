using Larder.Testing;

namespace L2;

/// <summary>The table of an operation: medians, in thousands of operations a second and of what Larder's are to the others'.</summary>
internal sealed class Report
{
    private static readonly string[] Names = [.. Contenders.Names];

    public Report(Operation operation)
    {
        Console.WriteLine();
        Console.WriteLine($"{operation}, thousands {(operation == Operation.Batch ? "of values " : "")}a second; bytes that the process allocates for each in brackets");
        Console.WriteLine();
        Console.WriteLine($"| server         |   value | callers | {string.Join(" | ", Names.Select(static name => $"{name,16}"))} | of bare | of same bytes | to HybridCache | to FusionCache |");
        Console.WriteLine($"|----------------|--------:|--------:|{string.Concat(Names.Select(static _ => "-----------------:|"))}--------:|--------------:|---------------:|---------------:|");
    }

    /// <summary>Adds a row.</summary>
    public void Add(ServerKind kind, int size, int callers, ILookup<string, Rate> rates)
    {
        var columns = Names.Select(name => rates.Contains(name) ? $"{Speed(rates, name) / 1000:0.0} ({Bytes(rates, name):N0})" : "–");
        var ratios = ((string[])["bare", "bare, same bytes", "HybridCache", "FusionCache"])
            .Select(name => rates.Contains(name) ? $"{Ratio(rates, name):0.00}" : "–").ToArray();
        Console.WriteLine(
            $"| {NameOf(kind),-14} | {size,7:N0} | {callers,7} | {string.Join(" | ", columns.Select(static column => $"{column,16}"))}"
            + $" | {ratios[0],7} | {ratios[1],13} | {ratios[2],14} | {ratios[3],14} |");
    }

    private static string NameOf(ServerKind kind) => kind switch
    {
        ServerKind.Redis => "redis-server",
        ServerKind.Garnet => "Garnet",
        _ => "Garnet, socket",
    };

    private static double Speed(ILookup<string, Rate> rates, string name) => Median(rates[name].Select(static rate => rate.PerSecond));

    // Round by round: those of one round had the same machine.
    private static double Ratio(ILookup<string, Rate> rates, string name) =>
        Median(rates["Larder"].Zip(rates[name], static (larder, other) => larder.PerSecond / other.PerSecond));

    private static double Bytes(ILookup<string, Rate> rates, string name) => Median(rates[name].Select(static rate => rate.Bytes));

    private static double Median(IEnumerable<double> numbers)
    {
        double[] ordered = [.. numbers.Order()];
        return ordered[ordered.Length / 2];
    }
}
