using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Micro;
using Perfolizer.Horology;

Func<Task>? turns = args switch
{
    ["turns"] => Turns.RunAsync,
    ["records"] => RecordTurns.RunAsync,
    ["misses"] => MissTurns.RunAsync,
    ["changes"] => ChangeTurns.RunAsync,
    ["flights"] => FlightTurns.RunAsync,
    _ => null,
};
if (turns is not null)
{
    await turns();
    return 0;
}

// In this process: the projects that the tool would otherwise generate know nothing of the repository's package versions.
// Many short iterations, so that the median of a noisy machine is of something. The code that the tool emits is compiled once,
// without a profile: nothing may be inlined into it, so that what is measured is compiled by tiers, as an app is; that takes a while.
var job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithIterationTime(TimeInterval.FromMilliseconds(100))
    .WithWarmupCount(20)
    .WithIterationCount(25);
var summaries = BenchmarkSwitcher.FromTypes([typeof(HitBenchmark), typeof(RecordBenchmark), typeof(ChangeBenchmark), typeof(FlightBenchmark)])
    .Run(args.Length == 0 ? ["--filter", "*"] : args, DefaultConfig.Instance.AddJob(job));
return summaries.Any(static summary => summary.HasCriticalValidationErrors || summary.Reports.Any(static report => !report.Success)) ? 1 : 0;
