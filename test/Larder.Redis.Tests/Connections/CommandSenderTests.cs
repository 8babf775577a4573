using System.Reflection;
using Larder.Redis.Connections;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Connections;

public sealed class CommandSenderTests
{
    private const int AtOnce = 8;

    private readonly IDatabase _connection = Connection.Create();
    private readonly List<string> _sent = [];
    private readonly List<string> _batched = [];
    private Task<RespResult> _answer = new TaskCompletionSource<RespResult>().Task;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_ManyUnderWay_AFewAtOnceAndTheOthersSoon()
    {
        var sender = Sender();
        for (var i = 0; i < AtOnce; i++)
        {
            var sent = sender.SendAsync(_connection, $"{i}").AsTask();
            Assert.True(sent.IsCompleted);
            Assert.Same(_answer, await sent);
        }

        Task<Task<RespResult>>[] others = [.. Enumerable.Range(AtOnce, 100).Select(i => sender.SendAsync(_connection, $"{i}").AsTask())];

        Assert.All(await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(30), Cancel), answer => Assert.Same(_answer, answer));
        Assert.Equal(Enumerable.Range(0, AtOnce + 100).Select(static i => $"{i}"), _sent);
    }

    [Fact]
    public async Task Send_ManyUnderWay_GatheredOnesGoTogether()
    {
        var sender = Sender();
        for (var i = 0; i < AtOnce; i++)
        {
            await sender.SendAsync(_connection, "first");
        }

        // Nobody else sends while the test holds the gate's place: the pool's thread comes when all are there, or they are enough.
        var others = Enumerable.Range(0, 100).Select(i => sender.SendAsync(_connection, $"{i}").AsTask()).ToArray();
        await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.NotEmpty(_batched);
        Assert.DoesNotContain("first", _batched);
    }

    [Fact]
    public async Task Send_BatchCannotBeSent_ItsCommandsFailAndOthersAreSent()
    {
        var sender = Sender();
        for (var i = 0; i < AtOnce; i++)
        {
            await sender.SendAsync(_connection, "key");
        }

        var closed = Connection.Create(static () => throw new ObjectDisposedException("closed"));
        var refused = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => sender.SendAsync(closed, "refused").AsTask())).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Contains(refused, static answer => answer.IsFaulted && answer.Exception.InnerException is ObjectDisposedException);
        Assert.Same(_answer, await sender.SendAsync(_connection, "key"));
    }

    [Fact]
    public void Send_OthersAreOver_AtOnceAgain()
    {
        var sender = Sender();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(sender.SendAsync(_connection, "key").AsTask().IsCompletedSuccessfully);
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
            await sender.SendAsync(_connection, "key");
        }

        fails = true;
        var answer = await sender.SendAsync(_connection, "key");
        await Assert.ThrowsAsync<InvalidOperationException>(() => answer);
        fails = false;
        Assert.Same(_answer, await sender.SendAsync(_connection, "key"));
    }

    // As when the connection is down: what goes on is then a caller's factory.
    [Fact]
    public async Task Send_AnswersFailAtOnceAndOneBlocksItsThread_OthersGoOn()
    {
        var sender = Sender();
        for (var i = 0; i < AtOnce; i++)
        {
            await sender.SendAsync(_connection, "key");
        }

        using var end = new ManualResetEventSlim();
        _answer = Task.FromException<RespResult>(new InvalidOperationException("down"));
        Task[] blocking = [.. Enumerable.Range(0, 2).Select(_ => ReadAsync(sender, end.Wait))];

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ReadAsync(sender, static () => { }))).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.DoesNotContain(blocking, static task => task.IsCompleted);
        end.Set();
        await Task.WhenAll(blocking);
    }

    private async Task ReadAsync(CommandSender<string, RespResult> sender, Action goOn)
    {
        try
        {
            await (await sender.SendAsync(_connection, "key").ConfigureAwait(false)).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        catch (InvalidOperationException)
        {
            goOn();
        }
    }

    private CommandSender<string, RespResult> Sender() => new(
        (connection, key) =>
        {
            _sent.Add(key);
            if (connection is IBatch)
            {
                _batched.Add(key);
            }

            return _answer;
        },
        new());

    /// <summary>A connection of which nothing is needed but that it makes batches, and that they are sent.</summary>
    public class Connection : DispatchProxy
    {
        /// <summary>What happens when a batch is sent.</summary>
        public Action OnExecute { get; set; } = static () => { };

        public static IDatabase Create(Action? onExecute = null)
        {
            var database = Create<IDatabase, Connection>();
            ((Connection)(object)database).OnExecute = onExecute ?? (static () => { });
            return database;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IDatabase.CreateBatch))
            {
                var batch = Create<IBatch, Connection>();
                ((Connection)(object)batch).OnExecute = OnExecute;
                return batch;
            }

            OnExecute();
            return null;
        }
    }
}
