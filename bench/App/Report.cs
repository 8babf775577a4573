using App.Load;

namespace App;

/// <summary>The table of a page: medians of the rounds.</summary>
internal static class Report
{
    // The bar that the project has set itself.
    private const double OfStatic = 0.9;

    public static void Print(string path, IReadOnlyList<Measurement[]> rounds)
    {
        Console.WriteLine();
        Console.WriteLine($"`{path}`:");
        Console.WriteLine();
        Console.WriteLine("| variant     | requests/s | of Static | p50, ms | p99, ms | processor, µs | allocated, bytes | Redis commands | origin calls |");
        Console.WriteLine("|-------------|-----------:|----------:|--------:|--------:|--------------:|-----------------:|---------------:|-------------:|");
        foreach (var variant in Enum.GetValues<Variant>())
        {
            Console.WriteLine(
                $"| {variant,-11} | {Median(one => one.Load.PerSecond),10:N0} | {OfLimit(variant),9:0.00} | {Median(one => one.Load.P50),7:0.00} | {Median(one => one.Load.P99),7:0.00}"
                + $" | {Median(one => one.Microseconds),13:0.0} | {Median(one => one.Bytes),16:N0} | {Median(one => one.RedisCommands),14:0.00} | {Median(one => one.OriginCalls),12:0.00} |");

            double Median(Func<Measurement, double> figure) => Middle(rounds.Select(round => figure(Of(round, variant))));
        }

        if (OfLimit(Variant.Larder) < OfStatic)
        {
            Console.WriteLine();
            Console.WriteLine($"Falls short: Larder is {OfLimit(Variant.Larder):0.00} of Static at {path}; the bar is {OfStatic:0.0}.");
        }

        // Within a round, which lasts six seconds: in the next, the machine may have other things to do.
        double OfLimit(Variant variant) => Middle(rounds.Select(round => Of(round, variant).Load.PerSecond / Of(round, Variant.Static).Load.PerSecond));
    }

    private static Measurement Of(Measurement[] round, Variant variant) => round.Single(one => one.Variant == variant);

    private static double Middle(IEnumerable<double> numbers)
    {
        double[] ordered = [.. numbers.Order()];
        return ordered[ordered.Length / 2];
    }
}
