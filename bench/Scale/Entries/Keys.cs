using System.Globalization;

namespace Scale.Entries;

/// <summary>
/// Keys in one array, written before the time is taken: they are near the processor, as a key is that its caller has just
/// put together, and only the cache's own memory may be far.
/// </summary>
internal sealed class Keys
{
    public const int Count = 1000;

    private const int Longest = 16;

    private readonly char[] _characters = new char[Count * Longest];
    private readonly int[] _lengths = new int[Count];

    public ReadOnlySpan<char> this[int place] => _characters.AsSpan(place * Longest, _lengths[place]);

    public static string Of(int number) => string.Create(CultureInfo.InvariantCulture, $"user:{number}");

    /// <summary>Writes keys that are drawn by chance.</summary>
    /// <param name="random">Draws.</param>
    /// <param name="entries">How many there are to draw from.</param>
    public void Draw(Random random, int entries)
    {
        for (var i = 0; i < Count; i++)
        {
            Write(i, random.Next(entries));
        }
    }

    /// <summary>Writes a key to a place.</summary>
    public void Write(int place, int number) =>
        _characters.AsSpan(place * Longest, Longest).TryWrite(CultureInfo.InvariantCulture, $"user:{number}", out _lengths[place]);
}
