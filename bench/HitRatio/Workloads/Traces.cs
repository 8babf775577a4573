using System.Globalization;
using System.IO.Compression;

namespace HitRatio.Workloads;

/// <summary>Recorded accesses: files of gzip, one key in hexadecimal a line.</summary>
internal static class Traces
{
    public static IEnumerable<Workload> In(string folder) =>
        Directory.EnumerateFiles(folder, "*.gz").Order(StringComparer.Ordinal)
            .Select(file => Workload.Of(Path.GetFileNameWithoutExtension(file), KeysIn(file)));

    private static IEnumerable<long> KeysIn(string file)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            yield return long.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
    }
}
