using Larder.Diagnostics;
using Larder.Recovery;
using Larder.Stores;
using Larder.Testing;
using Larder.Tests.Sliding;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Recovery;

public sealed class StoreLineTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StoreLine _line;

    private readonly LarderOptions _options = new() { StoreTimeout = TimeSpan.FromSeconds(1) };
    private readonly Telemetry _telemetry = new("", TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public StoreLineTests() =>
        _line = new StoreLine(new TouchStore(), _options, new MonotonicClock(_time), _telemetry, NullLogger.Instance);

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public async Task Bound_AnswerInTime_IsReturned()
    {
        var answer = new TaskCompletionSource<int>();
        var bound = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(answer.Task)).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        answer.SetResult(42);

        Assert.Equal(42, await bound);
        Assert.False(_line.IsDown);
    }

    [Fact]
    public async Task Bound_NoAnswer_TimesOutAndTheLineIsDownUntilAPulse()
    {
        var bound = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(new TaskCompletionSource<int>().Task)).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => bound);
        Assert.True(_line.IsDown);

        _line.Up();
        Assert.False(_line.IsDown);
    }

    [Fact]
    public async Task Bound_StoreSaysThatItIsAway_LineIsDown()
    {
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _line.BoundAsync(StoreOperation.Read, ValueTask.FromException(new StoreUnavailableException("away"))).AsTask());

        Assert.True(_line.IsDown);
    }

    [Fact]
    public async Task Bound_OneOperationFails_LineStaysUp()
    {
        await Assert.ThrowsAsync<FormatException>(() => _line.BoundAsync(StoreOperation.Read, ValueTask.FromException<int>(new FormatException())).AsTask());

        Assert.False(_line.IsDown);
    }

    [Fact]
    public async Task Bound_CallerCancels_LineStaysUp()
    {
        using var caller = new CancellationTokenSource();
        var bound = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(new TaskCompletionSource<int>().Task), caller.Token).AsTask();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bound);
        Assert.False(_line.IsDown);
    }

    [Fact]
    public async Task Bound_AnswerAfterTheTimeout_ReachesNoOtherCall()
    {
        var late = new TaskCompletionSource<int>();
        var first = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(late.Task)).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        var answer = new TaskCompletionSource<int>();
        var second = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(answer.Task)).AsTask();
        late.SetResult(1);
        Assert.False(second.IsCompleted);
        answer.SetResult(2);

        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task Bound_CancelledAfterTheAnswer_ReachesNoOtherCall()
    {
        using var caller = new CancellationTokenSource();
        var answers = new TaskCompletionSource<int>[] { new(), new() };
        var first = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(answers[0].Task), caller.Token).AsTask();
        answers[0].SetResult(1);
        Assert.Equal(1, await first);

        var second = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(answers[1].Task)).AsTask();
        await caller.CancelAsync();
        answers[1].SetResult(2);

        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task Bound_ManyInTurn_EachHasItsAnswerAndItsTime()
    {
        var never = new TaskCompletionSource<int>();
        var forgotten = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(never.Task)).AsTask();
        for (var i = 0; i < 9; i++)
        {
            var answer = new TaskCompletionSource<int>();
            var bound = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(answer.Task)).AsTask();
            _time.Advance(TimeSpan.FromMilliseconds(100));
            answer.SetResult(i);

            Assert.Equal(i, await bound);
        }

        var last = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(never.Task)).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAsync<TimeoutException>(() => forgotten);
        Assert.False(last.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(900));
        await Assert.ThrowsAsync<TimeoutException>(() => last);
    }

    [Fact]
    public async Task Bound_ByTwoLinesInTurn_EachHasItsTime()
    {
        var otherTime = new FakeTimeProvider();
        var other = new StoreLine(new TouchStore(), _options, new MonotonicClock(otherTime), _telemetry, NullLogger.Instance);
        foreach (var line in new[] { _line, other, _line, other })
        {
            var answer = new TaskCompletionSource<int>();
            var bound = line.BoundAsync(StoreOperation.Read, new ValueTask<int>(answer.Task)).AsTask();
            answer.SetResult(42);
            Assert.Equal(42, await bound);
        }

        var never = new TaskCompletionSource<int>();
        var forgotten = _line.BoundAsync(StoreOperation.Read, new ValueTask<int>(never.Task)).AsTask();
        otherTime.Advance(TimeSpan.FromSeconds(2));
        Assert.False(forgotten.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => forgotten.IsCompleted);
        await Assert.ThrowsAsync<TimeoutException>(() => forgotten);
    }

    [Fact]
    public async Task Bound_ManyAtOnce_AnsweredOnesHaveTheirAnswersAndTheOthersEndInTime()
    {
        _options.StoreTimeout = TimeSpan.FromMilliseconds(50);
        var line = new StoreLine(new TouchStore(), _options, new MonotonicClock(TimeProvider.System), _telemetry, NullLogger.Instance);
        using var caller = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
                var token = i % 2 == 0 ? caller.Token : CancellationToken.None;
                var bound = line.BoundAsync(StoreOperation.Read, new ValueTask<int>(answer.Task), token);
                if (i % 100 == number)
                {
                    await Assert.ThrowsAsync<TimeoutException>(() => bound.AsTask());
                    answer.SetResult(-1);
                    continue;
                }

                answer.SetResult((1000 * number) + i);
                try
                {
                    Assert.Equal((1000 * number) + i, await bound);
                }
                catch (TimeoutException)
                {
                    // The machine was slow.
                }
            }
        }));

        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(1), Cancel);
    }

    [Fact]
    public async Task Bound_EachClass_HasItsTimeout()
    {
        _options.Store = new StoreOptions
        {
            ReadTimeout = TimeSpan.FromMilliseconds(100),
            WriteTimeout = TimeSpan.FromMilliseconds(200),
            InvalidationTimeout = TimeSpan.FromMilliseconds(300),
        };
        var never = new TaskCompletionSource<int>().Task;
        Task[] bounds = [.. new[] { StoreOperation.Read, StoreOperation.Commit, StoreOperation.Remove, StoreOperation.Pulse }
            .Select(operation => _line.BoundAsync(operation, new ValueTask<int>(never)).AsTask())];

        for (var ended = 0; ended < 3; ended++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Assert.ThrowsAsync<TimeoutException>(() => bounds[ended]);
            Assert.All(bounds[(ended + 1)..], static bound => Assert.False(bound.IsCompleted));
        }

        _time.Advance(TimeSpan.FromMilliseconds(700));
        await Assert.ThrowsAsync<TimeoutException>(() => bounds[3]);
    }

    [Fact]
    public async Task Up_BeforeTheBreakersTime_LineStaysDown()
    {
        _options.Store.BreakerDuration = TimeSpan.FromSeconds(10);
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _line.BoundAsync(StoreOperation.Read, ValueTask.FromException(new StoreUnavailableException("away"))).AsTask());

        _time.Advance(TimeSpan.FromSeconds(9));
        _line.Up();
        Assert.True(_line.IsDown);

        _time.Advance(TimeSpan.FromSeconds(1));
        _line.Up();
        Assert.False(_line.IsDown);
    }
}
