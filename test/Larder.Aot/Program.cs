using Larder.Aot;

// Runs each operation on two app servers, one after another, and says how many failed.
var redis = args is ["--redis", { } given] ? given : throw new ArgumentException("Usage: Larder.Aot --redis host:port");
await using var a = await Server.StartAsync(redis);
await using var b = await Server.StartAsync(redis);
var operations = new Operations(a, b).All;
var failed = 0;
foreach (var (name, run) in operations)
{
    try
    {
        await run();
    }
    catch (Exception fault)
    {
        failed++;
        Console.WriteLine($"{name}: {fault}");
    }
}

Console.WriteLine($"{operations.Count} operations, {failed} failed");
return failed == 0 ? 0 : 1;
