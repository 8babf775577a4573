using App.Serving;

namespace App.Load;

/// <summary>One run against one variant, and what a request cost the app meanwhile.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Load">What wrk saw.</param>
/// <param name="Microseconds">Processor time of the app's process for each request.</param>
/// <param name="Bytes">Bytes allocated for each.</param>
/// <param name="RedisCommands">Redis commands for each.</param>
/// <param name="OriginCalls">Calls of the origin for each.</param>
internal readonly record struct Measurement(
    Variant Variant, WrkResult Load, double Microseconds, double Bytes, double RedisCommands, double OriginCalls)
{
    /// <summary>Measures a page, once it is certain that it shows the users.</summary>
    /// <exception cref="InvalidOperationException">The answers did not come from where the variant has them.</exception>
    public static async Task<Measurement> RunAsync(Contender contender, string path)
    {
        await contender.CheckAsync();
        var before = await contender.UsageAsync();
        var load = await Wrk.RunAsync(contender.AddressOf(path));
        var after = await contender.UsageAsync();
        await contender.CheckAsync();

        var calls = after.OriginCalls - before.OriginCalls;
        return (contender.Variant == Variant.None ? calls >= load.Requests : calls == 0)
            ? new(
                contender.Variant,
                load,
                (after.Processor - before.Processor).TotalMicroseconds / load.Requests,
                (after.Bytes - before.Bytes) / load.Requests,
                (after.RedisCommands - before.RedisCommands) / load.Requests,
                calls / load.Requests)
            : throw new InvalidOperationException($"{contender.Variant} called the origin {calls} times for {load.Requests} requests of {path}.");
    }
}
