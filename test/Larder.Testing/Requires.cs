using Xunit;

namespace Larder.Testing;

/// <summary>What a test needs of the machine: without it the test is skipped, or fails where <c>CI=true</c>.</summary>
public static class Requires
{
    /// <summary>The full path of an executable that is on the <c>PATH</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="install">How to get it, as the reader would type it.</param>
    public static string Executable(string name, string install) => Executable([name], install);

    /// <summary>The full path of the first of these executables that is on the <c>PATH</c>.</summary>
    /// <param name="names">Names that it goes by, the best first.</param>
    /// <param name="install">How to get it, as the reader would type it.</param>
    public static string Executable(IReadOnlyList<string> names, string install) =>
        names.Select(Find).FirstOrDefault(path => path is not null) ?? Absent($"{names[0]} is not installed: {install}");

    /// <summary>The full path of <c>redis-server</c>.</summary>
    public static string RedisServer() => Executable("redis-server", "apt-get install redis-server");

    /// <summary>The full path of Chromium.</summary>
    public static string Chromium() => Executable(["chromium", "chromium-browser", "google-chrome"], "apt-get install chromium");

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
            .FirstOrDefault(File.Exists);

    private static string Absent(string reason)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
        return "";
    }
}
