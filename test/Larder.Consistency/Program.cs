using Larder.Consistency;

if (args is ["node", .. var nodeArgs])
{
    // The coordinator is gone when its end of the pipe is.
    _ = Task.Run(() =>
    {
        Console.In.ReadToEnd();
        Environment.Exit(2);
    });
    await NodeProcess.RunAsync(nodeArgs);
    return 0;
}

RunOptions options;
try
{
    options = RunOptions.Parse(args);
}
catch (ArgumentException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 2;
}

var report = await new Coordinator(options).RunAsync();
report.Print();
if (options.ExpectStale)
{
    Console.WriteLine(report.IsFresh ? "The checker should have caught it, and did not." : "The checker caught it, as it should.");
}

return report.IsFresh == options.ExpectStale ? 1 : 0;
