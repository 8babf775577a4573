using Larder.Diagnostics;
using Larder.Recovery;
using Larder.Stores;
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
