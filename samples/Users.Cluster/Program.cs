using System.Globalization;
using Users.Cluster;

if (args is ["--server", var port])
{
    // The cluster starts this program once more in this way, for a server that can be killed as the others can.
    await StoreServer.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
    return 0;
}

if (args.Any(static argument => argument is "--help" or "-h" or "-?"))
{
    Console.WriteLine(ClusterOptions.Usage);
    return 0;
}

try
{
    await ClusterApp.RunAsync(ClusterOptions.Parse(args));
    return 0;
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
catch (Exception failure) when (failure is IOException or InvalidOperationException and not ObjectDisposedException)
{
    // A port that is taken, or a sample that isn't built. The message says which; a stack trace would bury it.
    Console.Error.WriteLine(failure.Message);
    return 1;
}
