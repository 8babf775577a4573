/// <summary>
/// Runs in each process that the cluster starts, before its <c>Main</c>: .NET loads the assembly that the variable
/// <c>DOTNET_STARTUP_HOOKS</c> names, and calls this. So no process outlives the cluster, however that ends, and the apps
/// know nothing of it.
/// </summary>
internal static class StartupHook
{
    /// <summary>Ends this process with its standard input, a pipe whose other end closes with the cluster, even if that is killed.</summary>
    public static void Initialize() => new Thread(ExitWithInput) { IsBackground = true, Name = "Ends with the cluster" }.Start();

    private static void ExitWithInput()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        Environment.Exit(0);
    }
}
