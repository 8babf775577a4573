using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Larder.Testing;

/// <summary>Waits for what happens by itself, and soon.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Returns when the condition holds; fails the test if it doesn't within the timeout.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="timeout">The time it has; 10 seconds by default.</param>
    /// <param name="message">What the failure says; by default the condition itself.</param>
    /// <param name="expression">Filled in by the compiler.</param>
    public static Task TrueAsync(
        Func<bool> condition,
        TimeSpan? timeout = null,
        string? message = null,
        [CallerArgumentExpression(nameof(condition))] string expression = "") =>
        TrueAsync(() => Task.FromResult(condition()), timeout, message, expression);

    /// <summary>Returns when the condition holds; fails the test if it doesn't within the timeout.</summary>
    /// <param name="condition">What is waited for. What it throws counts as not yet, and is part of the failure.</param>
    /// <param name="timeout">The time it has; 10 seconds by default.</param>
    /// <param name="message">What the failure says; by default the condition itself.</param>
    /// <param name="expression">Filled in by the compiler.</param>
    public static async Task TrueAsync(
        Func<Task<bool>> condition,
        TimeSpan? timeout = null,
        string? message = null,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        var limit = timeout ?? DefaultTimeout;
        var start = Stopwatch.GetTimestamp();
        Exception? last;
        do
        {
            last = null;
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                last = exception;
            }

            await Task.Delay(Interval);
        }
        while (Stopwatch.GetElapsedTime(start) < limit);

        Assert.Fail($"Not true within {limit}: {message ?? expression}{(last is null ? "" : $"{Environment.NewLine}{last}")}");
    }
}
