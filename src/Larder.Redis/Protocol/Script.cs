using System.Text;

namespace Larder.Redis.Protocol;

/// <summary>The Lua scripts, which are resources of this assembly.</summary>
internal sealed class Script
{
    private Script(string name, bool writesEntry) => Text = writesEntry ? Read("entry") + Read(name) : Read(name);

    public static Script Set { get; } = new("set", writesEntry: true);

    public static Script Commit { get; } = new("commit", writesEntry: true);

    public static Script Remove { get; } = new("remove", writesEntry: false);

    public static Script Lease { get; } = new("lease", writesEntry: false);

    public static Script Renew { get; } = new("renew", writesEntry: false);

    public static Script Release { get; } = new("release", writesEntry: false);

    public static Script Touch { get; } = new("touch", writesEntry: false);

    public static Script InvalidateTags { get; } = new("invalidate-tags", writesEntry: false);

    public static Script ReadTags { get; } = new("read-tags", writesEntry: false);

    public static Script Pulse { get; } = new("pulse", writesEntry: false);

    public static IReadOnlyList<Script> All { get; } =
        [Set, Commit, Remove, Lease, Renew, Release, Touch, InvalidateTags, ReadTags, Pulse];

    /// <summary>What is sent to the server, once; after that its hash is.</summary>
    public string Text { get; }

    private static string Read(string name)
    {
        using var stream = typeof(Script).Assembly.GetManifestResourceStream(name + ".lua")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
