using System.Diagnostics;
using Xunit;

namespace Larder.Testing.HybridCacheContract;

/// <summary>Callers that share one factory: who cancels, what flows into it, who gets its failure.</summary>
public abstract class CallerContract : TagContract
{
    private const int Many = 10_000;
    private static readonly AsyncLocal<string?> Ambient = new();

    [Fact]
    public async Task GetOrCreate_ManyCallersAtOnce_FactoryRunsOnce()
    {
        var gate = new Gate();
        var calls = Enumerable.Range(0, Many).Select(_ => MakeAsync(gate)).ToArray();
        await gate.Reached;

        gate.Open();

        Assert.All(await Task.WhenAll(calls), value => Assert.Equal("made", value));
        Assert.Equal(1, gate.Arrivals);
    }

    [Fact]
    public async Task Cancel_OneOfTwoCallers_TheOtherGetsTheValue()
    {
        using var leaver = new CancellationTokenSource();
        using var stayer = new CancellationTokenSource();
        var gate = new Gate();
        var left = MakeAsync(gate, leaver.Token);
        await gate.Reached;
        var stays = MakeAsync(gate, stayer.Token);

        await leaver.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.False(stays.IsCompleted);
        gate.Open();
        Assert.Equal("made", await stays);
        Assert.Equal(1, gate.Arrivals);
    }

    [Fact]
    public async Task Cancel_TheOneThatJoined_TheFirstGetsTheValue()
    {
        using var leaver = new CancellationTokenSource();
        var gate = new Gate();
        var stays = MakeAsync(gate);
        await gate.Reached;
        var left = MakeAsync(gate, leaver.Token);

        await leaver.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.Open();
        Assert.Equal("made", await stays);
    }

    [Fact]
    public async Task Cancel_AllCallers_TheNextOneIsNotCancelledWithThem()
    {
        using var leaver = new CancellationTokenSource();
        var gate = new Gate();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string> CallAsync() => Cache.GetOrCreateAsync(
            "key",
            async token =>
            {
                token.Register(() => cancelled.SetResult());
                await gate.PassAsync(CancellationToken.None); // it does not listen
                return "old";
            },
            cancellationToken: leaver.Token).AsTask();
        var (one, two) = (CallAsync(), CallAsync());
        await gate.Reached;

        await leaver.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);
        await cancelled.Task.WaitAsync(Cancel);
        var next = Cache.GetOrCreateAsync("key", static _ => ValueTask.FromResult("new"), cancellationToken: Cancel).AsTask();
        gate.Open();

        // A factory that does not listen still holds the key's lease: with a store its value is waited for.
        Assert.Equal(HasStore ? "old" : "new", await next);
    }

    [Fact]
    public async Task Cancel_BeforeTheCall_NothingRuns()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Cache.SetAsync("there", "set", cancellationToken: Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.GetOrCreateAsync<string>(
            "key", static _ => throw new InvalidOperationException("The factory ran."), cancellationToken: cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.SetAsync("there", "changed", cancellationToken: cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.RemoveAsync("there", cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.RemoveByTagAsync("*", cancelled).AsTask());
        Assert.Equal("set", (await Larder.TryGetAsync<string>("there", Cancel)).Value);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Flow_AsyncLocalAndActivity_ReachTheFactoryAndDoNotComeBack(Overload overload)
    {
        using var activity = new Activity("caller").Start();
        Ambient.Value = "caller";

        var seen = await overload.GetOrCreateAsync(
            Cache,
            "key",
            static async _ =>
            {
                var seen = $"{Ambient.Value} {Activity.Current?.Id}";
                Ambient.Value = "factory";
                await Task.Yield();
                return seen;
            },
            cancellationToken: Cancel);

        Assert.Equal($"caller {activity.Id}", seen);
        Assert.Equal("caller", Ambient.Value);
    }

    [Fact]
    public async Task Flow_OfCallersThatShareAFactory_IsTheFirstOnes()
    {
        var gate = new Gate();
        Task<string?> CallAsync(string name)
        {
            Ambient.Value = name;
            return Cache.GetOrCreateAsync<string?>(
                "key",
                async token =>
                {
                    await gate.PassAsync(token);
                    return Ambient.Value;
                },
                cancellationToken: Cancel).AsTask();
        }

        var first = CallAsync("first");
        await gate.Reached;
        var second = CallAsync("second");
        gate.Open();

        Assert.Equal("first", await first);
        Assert.Equal("first", await second);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Factory_Throws_AllCallersGetItAndNothingIsCached(bool atOnce)
    {
        var gate = new Gate();
        Task<string> CallAsync() => Cache.GetOrCreateAsync<string>(
            "key",
            async token =>
            {
                await gate.PassAsync(token);
                throw new FormatException("from the factory");
            },
            cancellationToken: Cancel).AsTask();
        Task<string>[] calls = [CallAsync(), CallAsync()];
        await gate.Reached;
        gate.Open();

        foreach (var call in calls)
        {
            Assert.Equal("from the factory", (await Assert.ThrowsAsync<FormatException>(() => call)).Message);
        }

        if (atOnce)
        {
            await Assert.ThrowsAsync<FormatException>(() => Cache.GetOrCreateAsync<string>(
                "key", static _ => throw new FormatException("at once"), cancellationToken: Cancel).AsTask());
        }

        Assert.Equal("made", await MakeAsync(gate));
    }

    [Fact]
    public async Task Factory_CancelsItself_CallersGetThatAndNothingIsCached()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.GetOrCreateAsync<string>(
            "key", static _ => throw new OperationCanceledException("the origin timed out"), cancellationToken: Cancel).AsTask());

        var gate = new Gate();
        gate.Open();
        Assert.Equal("made", await MakeAsync(gate));
    }

    private Task<string> MakeAsync(Gate gate, CancellationToken cancellationToken = default) => Cache.GetOrCreateAsync(
        "key",
        gate,
        static async (gate, token) =>
        {
            await gate.PassAsync(token);
            return "made";
        },
        cancellationToken: cancellationToken).AsTask();
}
