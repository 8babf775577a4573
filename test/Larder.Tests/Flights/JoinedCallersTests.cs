using Larder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests.Flights;

/// <summary>Callers that wait for another one's factory: those that can't leave wait together, those with a token alone.</summary>
public sealed class JoinedCallersTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly AsyncLocal<string?> Ambient = new();

    private readonly ServiceProvider _services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
    private readonly CancellationTokenSource _never = new();
    private readonly Gate _gate = new();

    public static TheoryData<bool> CanLeave => [false, true];

    private LarderCache Cache => _services.GetRequiredService<LarderCache>();

    public void Dispose()
    {
        _services.Dispose();
        _never.Dispose();
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task Await_TenThousandCallers_AllGetTheValue(bool canLeave)
    {
        var first = await BeginAsync();
        var joined = Enumerable.Range(0, 10_000).Select(_ => JoinAsync(canLeave)).ToArray();

        _gate.Open();

        Assert.All(await Task.WhenAll(joined).WaitAsync(Limit), static value => Assert.Equal("made", value));
        Assert.Equal("made", await first);
        Assert.Equal(1, _gate.Arrivals);
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task Await_CallersThatBlockTheirThreads_HoldNobodyUp(bool canLeave)
    {
        const int Count = 8;
        await BeginAsync();
        var joined = new Task<bool>[Count];
        for (var i = 0; i < Count; i++)
        {
            var behind = i + 1;
            joined[i] = BlockAsync(behind);
        }

        _gate.Open();

        // Each waits for the one behind it: run one after another, the first would wait for ever.
        Assert.All(await Task.WhenAll(joined).WaitAsync(2 * Limit), Assert.True);

        async Task<bool> BlockAsync(int behind)
        {
            await JoinAsync(canLeave).ConfigureAwait(false);
            return behind == Count || ((IAsyncResult)joined[behind]).AsyncWaitHandle.WaitOne(Limit);
        }
    }

    [Fact]
    public async Task Cancel_SomeOfMany_TheyLeaveAndTheOthersGetTheValue()
    {
        const int Count = 300;
        await BeginAsync();
        var sources = Enumerable.Range(0, Count).Select(static _ => new CancellationTokenSource()).ToArray();
        var joined = Array.ConvertAll(sources, source => Cache.GetOrCreateAsync("key", NeverAsync, cancellationToken: source.Token).AsTask());

        // From the front, from the end and from between.
        int[] leavers = [0, 1, Count - 1, Count - 2, .. Enumerable.Range(0, Count).Where(static i => i % 3 == 0)];
        foreach (var i in leavers)
        {
            await sources[i].CancelAsync();
        }

        for (var i = 0; i < Count; i++)
        {
            if (leavers.Contains(i))
            {
                var left = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joined[i]);
                Assert.Equal(sources[i].Token, left.CancellationToken);
            }
        }

        Assert.Equal(Count - leavers.Distinct().Count(), joined.Count(static call => !call.IsCompleted));
        _gate.Open();
        for (var i = 0; i < Count; i++)
        {
            if (!leavers.Contains(i))
            {
                Assert.Equal("made", await joined[i].WaitAsync(Limit));
            }

            sources[i].Dispose();
        }
    }

    [Fact]
    public async Task Cancel_LastOfAll_CancelsTheFactory()
    {
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Cache.GetOrCreateAsync(
            "key",
            async token =>
            {
                token.Register(cancelled.SetResult);
                await _gate.PassAsync(token);
                return "made";
            },
            cancellationToken: one.Token).AsTask();
        await _gate.Reached;
        var second = Cache.GetOrCreateAsync("key", NeverAsync, cancellationToken: two.Token).AsTask();

        await one.CancelAsync();
        Assert.False(cancelled.Task.IsCompleted);
        await two.CancelAsync();

        await cancelled.Task.WaitAsync(Limit);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task Await_OnASynchronizationContext_GoesOnThere(bool canLeave)
    {
        await BeginAsync();
        var own = new OwnContext();
        var before = SynchronizationContext.Current;
        Task<SynchronizationContext?> there;
        Task<SynchronizationContext?> anywhere;
        SynchronizationContext.SetSynchronizationContext(own);
        try
        {
            there = WhereAsync(true);
            anywhere = WhereAsync(false);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        _gate.Open();

        Assert.Same(own, await there.WaitAsync(Limit));
        Assert.Null(await anywhere.WaitAsync(Limit));
        Assert.Equal(1, own.Posts);

        async Task<SynchronizationContext?> WhereAsync(bool goesBack)
        {
            await CallAsync(canLeave).ConfigureAwait(goesBack);
            return SynchronizationContext.Current;
        }
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task Await_OnATaskScheduler_GoesOnThere(bool canLeave)
    {
        await BeginAsync();
        var own = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var there = Task.Factory.StartNew(
            async () =>
            {
                await CallAsync(canLeave);
                return TaskScheduler.Current;
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            own);
        var call = await there;

        _gate.Open();

        Assert.Same(own, await call.WaitAsync(Limit));
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task Await_EachCallersContext_IsItsOwnBehindIt(bool canLeave)
    {
        await BeginAsync();
        var joined = Enumerable.Range(0, 200).Select(SeenAsync).ToArray();

        _gate.Open();

        Assert.Equal(Enumerable.Range(0, 200).Select(static i => $"caller {i}"), await Task.WhenAll(joined).WaitAsync(Limit));

        async Task<string?> SeenAsync(int number)
        {
            Ambient.Value = $"caller {number}";
            await JoinAsync(canLeave);
            var seen = Ambient.Value;
            Ambient.Value = "changed";
            return seen;
        }
    }

    [Fact]
    public async Task Await_CallersThatSuppressTheFlow_LeaveNothingToTheNext()
    {
        await BeginAsync();
        var joined = Enumerable.Range(0, 200).Select(async number =>
        {
            Task call;
            using (ExecutionContext.SuppressFlow())
            {
                call = LeaveBehindAsync();
            }

            await call;
        }).ToArray();

        _gate.Open();

        await Task.WhenAll(joined).WaitAsync(Limit);

        async Task LeaveBehindAsync()
        {
            await Cache.GetOrCreateAsync("key", NeverAsync).ConfigureAwait(false);
            Assert.Null(Ambient.Value);
            Assert.Null(SynchronizationContext.Current);
            Ambient.Value = "left behind";
            SynchronizationContext.SetSynchronizationContext(new OwnContext());
        }
    }

    [Fact]
    public async Task OnCompleted_ByHand_FlowsTheContext()
    {
        await BeginAsync();
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
#pragma warning disable CA2012 // As what is no async method does.
        var awaiter = Cache.GetOrCreateAsync("key", NeverAsync).GetAwaiter();
#pragma warning restore CA2012
        Ambient.Value = "caller";
        awaiter.OnCompleted(() => seen.SetResult(Ambient.Value));
        Ambient.Value = "later";

        _gate.Open();

        Assert.Equal("caller", await seen.Task.WaitAsync(Limit));
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task Await_FactoryThrows_ItsExceptionReachesAll(bool canLeave)
    {
        var fault = new InvalidOperationException("It does not work.");
        var first = await BeginAsync(() => throw fault);
        var joined = Enumerable.Range(0, 100).Select(_ => JoinAsync(canLeave)).ToArray();

        _gate.Open();

        Assert.Same(fault, await Record.ExceptionAsync(() => first));
        foreach (var call in joined)
        {
            Assert.Same(fault, await Record.ExceptionAsync(() => call.WaitAsync(Limit)));
        }
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task Await_FactoryGaveItselfUp_AllAreCancelled(bool canLeave)
    {
        var first = await BeginAsync(static () => throw new OperationCanceledException());
        var joined = CallAsync(canLeave).AsTask();

        _gate.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joined.WaitAsync(Limit));
        Assert.True(joined.IsCanceled);
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task Await_TheSameCallTwiceAtOnce_BothGetTheValue(bool canLeave)
    {
        await BeginAsync();
#pragma warning disable CA2012 // Nobody should, but where the value comes from a task it works.
        var call = CallAsync(canLeave);
#pragma warning restore CA2012
        var (one, two) = (ReadAsync(), ReadAsync());

        _gate.Open();

        Assert.Equal(["made", "made"], await Task.WhenAll(one, two).WaitAsync(Limit));

        async Task<string> ReadAsync() => await call;
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task GetResult_BeforeThereIsOne_WaitsForIt(bool canLeave)
    {
        await BeginAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = Task.Run(() =>
        {
            var call = CallAsync(canLeave);
            begun.SetResult();
            return call.GetAwaiter().GetResult();
        });
        await begun.Task;

        _gate.Open();

        Assert.Equal("made", await result.WaitAsync(Limit));
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task Await_FlightGivesUp_CallersLoadTheValueAnewAndOnce(bool canLeave)
    {
        await using var services = new ServiceCollection()
            .AddLarder(static options => options.Lease.MaximumDuration = TimeSpan.FromSeconds(1)).Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();
        var first = cache.GetOrCreateAsync("key", _gate, static async (gate, _) =>
        {
            await gate.PassAsync(CancellationToken.None);
            return "late";
        }).AsTask();
        await _gate.Reached;
        var runs = 0;
        var joined = Enumerable.Range(0, 50).Select(number => SeenAsync($"caller {number}")).ToArray();

        var values = await Task.WhenAll(joined).WaitAsync(Limit);

        // In the context of the one that runs it.
        Assert.StartsWith("by caller ", Assert.Single(values.Distinct()), StringComparison.Ordinal);
        Assert.Equal(1, runs);
        _gate.Open();
        Assert.Equal("late", await first);

        async Task<string> SeenAsync(string name)
        {
            Ambient.Value = name;
            return await cache.GetOrCreateAsync(
                "key",
                async _ =>
                {
                    Interlocked.Increment(ref runs);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
                    return $"by {Ambient.Value}";
                },
                cancellationToken: canLeave ? _never.Token : CancellationToken.None);
        }
    }

    [Theory]
    [MemberData(nameof(CanLeave))]
    public async Task Await_ValueThatAnybodyCanChange_EachGetsACopy(bool canLeave)
    {
        var token = canLeave ? _never.Token : CancellationToken.None;
        var first = Cache.GetOrCreateAsync("list", _gate, static async (gate, _) =>
        {
            await gate.PassAsync(CancellationToken.None);
            return new List<int> { 1 };
        }).AsTask();
        await _gate.Reached;
        var joined = Enumerable.Range(0, 3).Select(_ => Cache.GetOrCreateAsync<List<int>>(
            "list", static _ => throw new InvalidOperationException("The factory ran."), cancellationToken: token).AsTask()).ToArray();

        _gate.Open();

        List<int>[] lists = [await first, .. await Task.WhenAll(joined).WaitAsync(Limit)];
        Assert.Equal(lists.Length, lists.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.All(lists, static list => Assert.Equal([1], list));
    }

    private static ValueTask<string> NeverAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("The factory ran.");

    private async Task<Task<string>> BeginAsync(Func<string>? make = null)
    {
        var first = Cache.GetOrCreateAsync("key", async _ =>
        {
            await _gate.PassAsync(CancellationToken.None);
            return make is null ? "made" : make();
        }).AsTask();
        await _gate.Reached;
        return first;
    }

    private ValueTask<string> CallAsync(bool canLeave) =>
        Cache.GetOrCreateAsync("key", NeverAsync, cancellationToken: canLeave ? _never.Token : CancellationToken.None);

    // As a request does: it awaits the call itself.
    private async Task<string> JoinAsync(bool canLeave) => await CallAsync(canLeave).ConfigureAwait(false);

    private sealed class OwnContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    SetSynchronizationContext(this);
                    d(state);
                },
                null);
        }
    }
}
