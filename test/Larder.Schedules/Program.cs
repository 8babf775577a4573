using System.Diagnostics;
using System.Globalization;
using Larder.Schedules.Scenario;

if (args.Length % 2 != 0)
{
    return Usage($"{args[^1]} has no value.");
}

var (schedules, first, replay, expected) = (10_000, 0, (int?)null, false);
for (var i = 0; i < args.Length; i += 2)
{
    var isNumber = int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
    switch (args[i])
    {
        case "--schedules" when isNumber && number > 0:
            schedules = number;
            break;
        case "--seed" when isNumber:
            first = number;
            break;
        case "--replay" when isNumber:
            replay = number;
            break;
        case "--expectStale" when bool.TryParse(args[i + 1], out var isExpected):
            expected = isExpected;
            break;
        default:
            return Usage($"{args[i]} {args[i + 1]} can't be understood.");
    }
}

return replay is { } seed ? Replay(seed) : Explore();

int Explore()
{
    var watch = Stopwatch.StartNew();
    var (steps, reads, strangers) = (0L, 0L, 0L);
    for (var i = 0; i < schedules; i++)
    {
        using var schedule = new Schedule(first + i, trace: null);
        schedule.Run();
        steps += schedule.Scheduler.Steps;
        reads += schedule.Reads;
        strangers += schedule.Scheduler.Strangers;
        if (schedule.Violation is { } violation)
        {
            Console.WriteLine($"Schedule {first + i}, the {i + 1}th: {violation}.");
            return expected ? 0 : 1;
        }
    }

    Console.WriteLine($"{schedules:N0} schedules, {steps:N0} steps, {reads:N0} reads in {watch.Elapsed.TotalSeconds:F0} s: nothing stale.");
    if (strangers > 0)
    {
        Console.WriteLine($"{strangers:N0} steps were on threads out of control.");
    }

    return expected || strangers > 0 ? 1 : 0;
}

int Replay(int seed)
{
    List<string> trace = [];
    using var schedule = new Schedule(seed, trace);
    schedule.Run();
    trace.ForEach(Console.WriteLine);
    Console.WriteLine(schedule.Violation ?? "Nothing stale.");
    return schedule.Violation is null ? 0 : 1;
}

static int Usage(string error)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine("Options: --schedules 10000 --seed 0 --replay SEED --expectStale true|false");
    return 2;
}
