using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Larder.Schedules.Control;

// Larder's sources are compiled with this project, and a name in their namespace goes before an imported one.
namespace Larder;

/// <summary>Volatile, with a point before each access.</summary>
internal static class Volatile
{
    public static T Read<T>([NotNullIfNotNull(nameof(location))] ref readonly T location, [CallerMemberName] string member = "")
        where T : class?
    {
        Scheduler.Point(member);
        return System.Threading.Volatile.Read(in location);
    }

    public static long Read(ref readonly long location, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Volatile.Read(in location);
    }

    public static int Read(ref readonly int location, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Volatile.Read(in location);
    }

    public static bool Read(ref readonly bool location, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Volatile.Read(in location);
    }

    public static void Write(ref bool location, bool value, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        System.Threading.Volatile.Write(ref location, value);
    }

    public static void Write<T>([NotNullIfNotNull(nameof(value))] ref T location, T value, [CallerMemberName] string member = "")
        where T : class?
    {
        Scheduler.Point(member);
        System.Threading.Volatile.Write(ref location, value);
    }

    public static void Write(ref long location, long value, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        System.Threading.Volatile.Write(ref location, value);
    }

    public static void Write(ref int location, int value, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        System.Threading.Volatile.Write(ref location, value);
    }
}

/// <summary>Interlocked, with a point before each operation.</summary>
internal static class Interlocked
{
    public static long Increment(ref long location, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Interlocked.Increment(ref location);
    }

    public static int Increment(ref int location, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Interlocked.Increment(ref location);
    }

    public static long Add(ref long location, long value, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Interlocked.Add(ref location, value);
    }

    public static int Decrement(ref int location, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Interlocked.Decrement(ref location);
    }

    public static int Exchange(ref int location, int value, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Interlocked.Exchange(ref location, value);
    }

    public static long Exchange(ref long location, long value, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Interlocked.Exchange(ref location, value);
    }

    public static int CompareExchange(ref int location, int value, int comparand, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Interlocked.CompareExchange(ref location, value, comparand);
    }

    public static long CompareExchange(ref long location, long value, long comparand, [CallerMemberName] string member = "")
    {
        Scheduler.Point(member);
        return System.Threading.Interlocked.CompareExchange(ref location, value, comparand);
    }

    public static T CompareExchange<T>(ref T location, T value, T comparand, [CallerMemberName] string member = "")
        where T : class?
    {
        Scheduler.Point(member);
        return System.Threading.Interlocked.CompareExchange(ref location, value, comparand);
    }
}
