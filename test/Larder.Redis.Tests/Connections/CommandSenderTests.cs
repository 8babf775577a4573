using Larder.Redis.Connections;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Connections;

public sealed class CommandSenderTests
{
    private const int AtOnce = 8;

    private readonly List<string> _sent = [];
    private Task<RespResult> _answer = new TaskCompletionSource<RespResult>().Task;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_ManyUnderWay_AFewAtOnceAndTheOthersSoon()
    {
        var sender = Sender();
        for (var i = 0; i < AtOnce; i++)
        {
            var sent = sender.SendAsync(null!, $"{i}").AsTask();
            Assert.True(sent.IsCompleted);
            Assert.Same(_answer, await sent);
        }

        Task<Task<RespResult>>[] others = [.. Enumerable.Range(AtOnce, 100).Select(i => sender.SendAsync(null!, $"{i}").AsTask())];

        Assert.All(await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(30), Cancel), answer => Assert.Same(_answer, answer));
        Assert.Equal(Enumerable.Range(0, AtOnce + 100).Select(static i => $"{i}").Order(), _sent.Order());
    }

    [Fact]
    public void Send_OthersAreOver_AtOnceAgain()
    {
        var sender = Sender();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(sender.SendAsync(null!, "key").AsTask().IsCompletedSuccessfully);
            sender.End();
        }
    }

    [Fact]
    public async Task Send_Throws_AnswerFailsAndOthersAreSent()
    {
        var fails = true;
        var sender = new CommandSender<string, RespResult>((_, _) => fails ? throw new InvalidOperationException("closed") : _answer, new());
        fails = false;
        for (var i = 0; i < AtOnce; i++)
        {
            await sender.SendAsync(null!, "key");
        }

        fails = true;
        var answer = await sender.SendAsync(null!, "key");
        await Assert.ThrowsAsync<InvalidOperationException>(() => answer);
        fails = false;
        Assert.Same(_answer, await sender.SendAsync(null!, "key"));
    }

    // As when the connection is down: what goes on is then a caller's factory.
    [Fact]
    public async Task Send_AnswersFailAtOnceAndOneBlocksItsThread_OthersGoOn()
    {
        var sender = Sender();
        for (var i = 0; i < AtOnce; i++)
        {
            await sender.SendAsync(null!, "key");
        }

        using var end = new ManualResetEventSlim();
        _answer = Task.FromException<RespResult>(new InvalidOperationException("down"));
        Task[] blocking = [.. Enumerable.Range(0, 2).Select(_ => ReadAsync(sender, end.Wait))];

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ReadAsync(sender, static () => { }))).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.DoesNotContain(blocking, static task => task.IsCompleted);
        end.Set();
        await Task.WhenAll(blocking);
    }

    private static async Task ReadAsync(CommandSender<string, RespResult> sender, Action goOn)
    {
        try
        {
            await (await sender.SendAsync(null!, "key").ConfigureAwait(false)).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        catch (InvalidOperationException)
        {
            goOn();
        }
    }

    // One at a time, so that the list needs no lock.
    private CommandSender<string, RespResult> Sender() => new(
        (_, key) =>
        {
            _sent.Add(key);
            return _answer;
        },
        new());
}
