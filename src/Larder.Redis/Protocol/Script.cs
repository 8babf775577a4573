using System.Security.Cryptography;
using System.Text;

namespace Larder.Redis.Protocol;

/// <summary>The Lua scripts, which are resources of this assembly.</summary>
internal sealed class Script
{
    private Script(string name, params string[] preludes)
    {
        Text = string.Concat([.. preludes.Select(Read), Read(name)]);
#pragma warning disable CA5350 // It is how Redis names scripts.
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(Text));
#pragma warning restore CA5350
    }

    public static Script Set { get; } = new("set", "publish", "seal", "entry");

    public static Script Commit { get; } = new("commit", "holder", "publish", "seal", "entry");

    public static Script Remove { get; } = new("remove", "publish");

    public static Script Expire { get; } = new("expire", "publish", "seal", "entry");

    public static Script Lease { get; } = new("lease");

    public static Script Renew { get; } = new("renew", "holder");

    public static Script Release { get; } = new("release", "holder", "publish", "seal", "entry");

    public static Script Touch { get; } = new("touch", "seal");

    public static Script InvalidateTags { get; } = new("invalidate-tags", "publish", "generation");

    public static Script ReadTags { get; } = new("read-tags", "generation");

    public static Script Pulse { get; } = new("pulse", "generation");

    public static IReadOnlyList<Script> All { get; } =
        [Set, Commit, Remove, Expire, Lease, Renew, Release, Touch, InvalidateTags, ReadTags, Pulse];

    /// <summary>What is sent to the server, once; after that its hash is.</summary>
    public string Text { get; }

    /// <summary>By which the server knows it then.</summary>
    public byte[] Hash { get; }

    private static string Read(string name)
    {
        using var stream = typeof(Script).Assembly.GetManifestResourceStream(name + ".lua")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
