using System.Runtime.CompilerServices;

namespace Larder.Local;

/// <summary>The size of a value that is kept as an object and was never serialized.</summary>
internal static class ValueSize
{
    // What an object of a few fields takes; who needs it better gives a LocalSize.
    private const int SomeObject = 128;

    public static long Estimate<T>(T value) => value switch
    {
        null => 0,
        string text => 2L * text.Length,
        byte[] bytes => bytes.Length,
        _ => RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? SomeObject : Unsafe.SizeOf<T>(),
    };
}
