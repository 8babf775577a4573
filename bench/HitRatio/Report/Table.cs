namespace HitRatio.Report;

/// <summary>Figures as a table of Markdown, in percent.</summary>
internal static class Table
{
    public static void Print(IReadOnlyList<string> policies, IEnumerable<Figure> figures)
    {
        Console.WriteLine($"| workload | size | {string.Join(" | ", policies)} |");
        Console.WriteLine($"|---|---:|{string.Concat(policies.Select(_ => "---:|"))}");
        foreach (var figure in figures)
        {
            Console.WriteLine($"| {figure.Workload} | {figure.Percent} % | {string.Join(" | ", figure.Ratios.Select(ratio => $"{100 * ratio:0.0}"))} |");
        }

        Console.WriteLine();
    }
}
