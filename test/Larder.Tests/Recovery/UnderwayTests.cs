using Larder.Recovery;
using Larder.Testing;
using Xunit;

namespace Larder.Tests.Recovery;

public sealed class UnderwayTests
{
    private readonly Underway _underway = new();
    private readonly List<string> _sent = [];

    [Fact]
    public async Task Start_KeysInCommon_OneAfterAnother()
    {
        var (first, second) = (new Gate(), new Gate());
        Start("1", ["a"], first);
        Start("2", ["a", "b"], second);
        Start("3", ["c"]);

        Assert.Equal(["1", "3"], _sent);
        first.Open();
        await second.Reached;
        Assert.Equal(["1", "3", "2"], _sent);
        Assert.NotNull(_underway.On("b"));
        second.Open();
        await _underway.All();
        Assert.Equal(0, _underway.Count);
        Assert.Null(_underway.On("b"));
    }

    [Fact]
    public async Task Start_OneThatWaitsIsReplaced_IsNotSent()
    {
        var gate = new Gate();
        Start("1", ["a"], gate);
        Start("2", ["a"]);
        Start("3", ["a", "b"]);
        Start("4", ["a"]);
        gate.Open();
        await _underway.All();

        // The third has a key that nobody has changed since.
        Assert.Equal(["1", "3", "4"], _sent);
    }

    [Fact]
    public async Task Start_Expiries_StandForEachOtherAlone()
    {
        var gate = new Gate();
        Start("1", ["a"], gate);
        Start("2", ["a"]);
        Start("3", ["a"], isExpiry: true);
        Start("4", ["a"], isExpiry: true);
        gate.Open();
        await _underway.All();

        Assert.Equal(["1", "2", "4"], _sent);
    }

    [Fact]
    public async Task Start_SendingFails_ItHasEndedAllTheSame()
    {
        var change = _underway.TryBegin(["a"], isExpiry: false, static () => { })!;
        _underway.Start(change, static () => throw new InvalidOperationException());

        await _underway.All();
        Assert.Null(_underway.On("a"));
    }

    [Fact]
    public void TryBegin_PastTheLimit_TakesNothing()
    {
        string[] keys = [.. Enumerable.Range(0, Underway.Limit).Select(static i => $"{i}")];
        Assert.NotNull(_underway.TryBegin(keys, isExpiry: false, static () => { }));
        var hasObeyed = false;

        Assert.Null(_underway.TryBegin(["more"], isExpiry: false, () => hasObeyed = true));

        Assert.False(hasObeyed);
        Assert.Null(_underway.On("more"));
    }

    private void Start(string name, string[] keys, Gate? gate = null, bool isExpiry = false) =>
        _underway.Start(_underway.TryBegin(keys, isExpiry, static () => { })!, async () =>
        {
            _sent.Add(name);
            await (gate?.PassAsync() ?? Task.CompletedTask);
        });
}
