using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Larder.Testing;

namespace App.Load;

/// <summary>A run of <c>wrk</c>: one thread, 16 connections, one second.</summary>
internal static partial class Wrk
{
    private static readonly string[] Settings = ["-t1", "-c16", "-d1s", "--latency"];

    /// <summary>Runs it.</summary>
    /// <exception cref="InvalidOperationException">It failed, or a request did.</exception>
    public static async Task<WrkResult> RunAsync(Uri address)
    {
        var start = new ProcessStartInfo(Requires.Executable("wrk", "apt-get install wrk"), [.. Settings, address.ToString()]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        // Both lines are there only if something went wrong.
        if (process.ExitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"wrk {address} went wrong:{Environment.NewLine}{output}");
        }

        return Parse(output);
    }

    /// <summary>Reads what it prints.</summary>
    public static WrkResult Parse(string output) => new(
        Number(Of(RequestCount(), output)), Number(Of(Rate(), output)), Milliseconds(Of(Median(), output)), Milliseconds(Of(NinetyNinth(), output)));

    private static Match Of(Regex line, string output) =>
        line.Match(output) is { Success: true } match ? match : throw new InvalidOperationException($"wrk printed no {line}:{Environment.NewLine}{output}");

    private static double Number(Match match) => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    private static double Milliseconds(Match match) => Number(match) * match.Groups[2].Value switch
    {
        "us" => 0.001,
        "ms" => 1,
        "s" => 1000,
        var unit => throw new InvalidOperationException($"wrk printed the unit '{unit}'."),
    };

    [GeneratedRegex(@"^ +(\d+) requests in ", RegexOptions.Multiline)]
    private static partial Regex RequestCount();

    [GeneratedRegex(@"^Requests/sec: +([\d.]+)", RegexOptions.Multiline)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^ +50% +([\d.]+)(\w+)", RegexOptions.Multiline)]
    private static partial Regex Median();

    [GeneratedRegex(@"^ +99% +([\d.]+)(\w+)", RegexOptions.Multiline)]
    private static partial Regex NinetyNinth();
}

/// <summary>What a run has shown.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="P50">The median latency, in milliseconds.</param>
/// <param name="P99">The 99th percentile, in milliseconds.</param>
internal readonly record struct WrkResult(double Requests, double PerSecond, double P50, double P99);
