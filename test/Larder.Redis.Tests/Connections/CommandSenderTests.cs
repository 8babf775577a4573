using System.Collections.Concurrent;
using Larder.Redis.Connections;
using Xunit;

namespace Larder.Redis.Tests.Connections;

public sealed class CommandSenderTests
{
    private const int AtOnce = 8;

    private readonly ConcurrentQueue<string> _sent = [];
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_ManyUnderWay_AFewAtOnceAndTheOthersSoon()
    {
        var sender = Sender(() => _answer.Task);

        Task<string>[] first = [.. Enumerable.Range(0, AtOnce).Select(i => SendAsync(sender, $"{i}"))];
        Assert.Equal(AtOnce, _sent.Count);
        Task<string>[] others = [.. Enumerable.Range(AtOnce, 100).Select(i => SendAsync(sender, $"{i}"))];
        await Eventually.TrueAsync(() => _sent.Count == AtOnce + 100);

        Assert.Equal(Enumerable.Range(0, AtOnce + 100).Select(static i => $"{i}").Order(), _sent.Order());
        Assert.DoesNotContain(first.Concat(others), static answer => answer.IsCompleted);
        _answer.SetResult("answer");
        Assert.All(await Task.WhenAll(first.Concat(others)).WaitAsync(TimeSpan.FromSeconds(30), Cancel), static answer => Assert.Equal("answer", answer));
    }

    [Fact]
    public async Task Send_OthersAreOver_AtOnceAgain()
    {
        _answer.SetResult("answer");
        var sender = Sender(() => _answer.Task);
        for (var i = 1; i <= 100; i++)
        {
            var sending = SendAsync(sender, "key");
            Assert.Equal(i, _sent.Count);
            await sending;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(AtOnce)]
    public async Task Send_Throws_AnswerFailsAndOthersAreSent(int underWay)
    {
        Func<Task<string>> answer = () => _answer.Task;
        var sender = Sender(() => answer());
        Task<string>[] earlier = [.. Enumerable.Range(0, underWay).Select(_ => SendAsync(sender, "earlier"))];

        answer = static () => throw new InvalidOperationException("closed");
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(sender, "key"));
        answer = static () => Task.FromResult("answer");

        Assert.Equal("answer", await SendAsync(sender, "key").WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        Assert.DoesNotContain(earlier, static task => task.IsCompleted);
    }

    // As when the connection is down: what goes on is then a caller's factory.
    [Fact]
    public async Task Send_AnswersFailAtOnceAndOneBlocksItsThread_OthersGoOn()
    {
        Func<Task<string>> answer = () => _answer.Task;
        var sender = Sender(() => answer());
        for (var i = 0; i < AtOnce; i++)
        {
            _ = SendAsync(sender, "key");
        }

        using var end = new ManualResetEventSlim();
        answer = static () => Task.FromException<string>(new InvalidOperationException("down"));
        Task[] blocking = [.. Enumerable.Range(0, 2).Select(_ => ReadAsync(sender, end.Wait))];

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ReadAsync(sender, static () => { }))).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.DoesNotContain(blocking, static task => task.IsCompleted);
        end.Set();
        await Task.WhenAll(blocking);
    }

    private static async Task<string> SendAsync(CommandSender<string, string> sender, string command) => await sender.SendAsync(null!, command);

    private static async Task ReadAsync(CommandSender<string, string> sender, Action goOn)
    {
        try
        {
            await sender.SendAsync(null!, "key");
        }
        catch (InvalidOperationException)
        {
            goOn();
        }
    }

    private CommandSender<string, string> Sender(Func<Task<string>> answer) => new(
        (_, command) =>
        {
            _sent.Enqueue(command);
            return answer();
        },
        new());
}
