namespace Larder.Testing;

/// <summary>The files of the repository in which the tests run.</summary>
public static class Repository
{
    /// <summary>The folder of <c>Larder.slnx</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>The text of a file.</summary>
    /// <param name="path">Relative to <see cref="Root"/>, with slashes.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Find()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Larder.slnx")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The tests don't run inside the repository.");
        }

        return root.FullName;
    }
}
