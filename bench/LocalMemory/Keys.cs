using System.Globalization;

namespace LocalMemory;

internal static class Keys
{
    public static string Of(int number) => string.Create(CultureInfo.InvariantCulture, $"user:{number:D8}");
}
