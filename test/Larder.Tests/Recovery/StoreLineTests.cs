using Larder.Recovery;
using Larder.Stores;
using Larder.Tests.Sliding;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Recovery;

public sealed class StoreLineTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StoreLine _line;

    public StoreLineTests() => _line = new StoreLine(new TouchStore(), TimeSpan.FromSeconds(1), _time, NullLogger.Instance);

    [Fact]
    public async Task Bound_AnswerInTime_IsReturned()
    {
        var answer = new TaskCompletionSource<int>();
        var bound = _line.BoundAsync(new ValueTask<int>(answer.Task)).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        answer.SetResult(42);

        Assert.Equal(42, await bound);
        Assert.False(_line.IsDown);
    }

    [Fact]
    public async Task Bound_NoAnswer_TimesOutAndTheLineIsDownUntilAPulse()
    {
        var bound = _line.BoundAsync(new ValueTask<int>(new TaskCompletionSource<int>().Task)).AsTask();
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
            () => _line.BoundAsync(ValueTask.FromException(new StoreUnavailableException("away"))).AsTask());

        Assert.True(_line.IsDown);
    }

    [Fact]
    public async Task Bound_OneOperationFails_LineStaysUp()
    {
        await Assert.ThrowsAsync<FormatException>(() => _line.BoundAsync(ValueTask.FromException<int>(new FormatException())).AsTask());

        Assert.False(_line.IsDown);
    }

    [Fact]
    public async Task Bound_CallerCancels_LineStaysUp()
    {
        using var caller = new CancellationTokenSource();
        var bound = _line.BoundAsync(new ValueTask<int>(new TaskCompletionSource<int>().Task), caller.Token).AsTask();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bound);
        Assert.False(_line.IsDown);
    }
}
