namespace Scale.Nodes;

/// <summary>What a server has done, by its own count.</summary>
/// <param name="Commands">Commands processed, those inside of scripts included.</param>
/// <param name="Scripts">Scripts run.</param>
/// <param name="Publications">Messages published.</param>
/// <param name="Bytes">Bytes sent to clients.</param>
internal readonly record struct Traffic(double Commands, double Scripts, double Publications, double Bytes)
{
    public static Traffic operator -(Traffic one, Traffic other) => new(
        one.Commands - other.Commands, one.Scripts - other.Scripts, one.Publications - other.Publications, one.Bytes - other.Bytes);

    public static Traffic operator *(Traffic one, double factor) =>
        new(one.Commands * factor, one.Scripts * factor, one.Publications * factor, one.Bytes * factor);
}
