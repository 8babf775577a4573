using System.Globalization;

namespace App.Serving;

/// <summary>What the child process is told.</summary>
/// <param name="Variant">Where the app has its users from.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="Redis">Its Redis server.</param>
/// <param name="Keys">The directory of the keys that protect forms: not the home directory's.</param>
internal sealed record ServeArguments(Variant Variant, int Port, string Redis, string Keys)
{
    private const string Word = "--serve";

    /// <summary>What a process was told; <see langword="null"/> if it is the parent.</summary>
    public static ServeArguments? Parse(string[] args) => args is [Word, var variant, var port, var redis, var keys]
        ? new(Enum.Parse<Variant>(variant), int.Parse(port, CultureInfo.InvariantCulture), redis, keys)
        : null;

    public string[] ToArgs() => [Word, $"{Variant}", Port.ToString(CultureInfo.InvariantCulture), Redis, Keys];
}
