using System.Net.Sockets;
using Larder.Garnet.Hosting;
using Larder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Larder.Garnet.Tests.Hosting;

/// <summary>The embedded server at a Unix domain socket, where no port says who was first.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("larder-test-").FullName;

    private string Socket => Path.Combine(_directory, "garnet.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Cache_OfTwoApps_IsOne()
    {
        using var first = await CacheApp.StartAsync(Socket, "Larder:Garnet:Password=se,cret");
        using var second = await CacheApp.StartAsync(Socket, "Larder:Garnet:Password=se,cret");
        Assert.Equal((true, false), (IsHosting(first), IsHosting(second)));
        Assert.Equal("from the first", await GetOrCreateAsync(first, "from the first"));
        Assert.Equal("from the first", await GetOrCreateAsync(second, "from the second"));

        await Cache(second).RemoveAsync("key");
        await Eventually.TrueAsync(async () => await GetOrCreateAsync(first, "anew") == "anew");
    }

    [Fact]
    public async Task Cache_OfTwoProcesses_SurvivesTheHostsBeingKilled()
    {
        using var host = TestApp.Start(Socket);
        await host.Started;
        using var guest = await CacheApp.StartAsync(Socket);
        using var other = await CacheApp.StartAsync(Socket);
        Assert.Equal((false, false), (IsHosting(guest), IsHosting(other)));
        Assert.Equal("before", await GetOrCreateAsync(guest, "before"));
        Assert.Equal("before", await GetOrCreateAsync(other, "not this one"));

        host.Kill();
        await Eventually.TrueAsync(() => IsHosting(guest) != IsHosting(other), TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(
            async () =>
            {
                var value = Guid.NewGuid().ToString();
                await Cache(guest).SetAsync("key", value);
                return await GetOrCreateAsync(other, "made") == value;
            },
            TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Start_SocketOfAKilledProcess_Replaces()
    {
        using (var killed = TestApp.Start(Socket))
        {
            await killed.Started;
            killed.Kill();
        }

        Assert.True(File.Exists(Socket));
        using var app = await CacheApp.StartAsync(Socket);
        Assert.True(IsHosting(app));
    }

    [Fact]
    public async Task Start_ManyAppsAtTheSameInstant_OneHostsAndTheOthersJoin()
    {
        for (var round = 0; round < 3; round++)
        {
            var socket = $"{Socket}{round}";
            var apps = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => CacheApp.StartAsync(socket))));
            Assert.Single(apps, IsHosting);
            foreach (var app in apps.OrderBy(IsHosting))
            {
                await app.StopAsync();
                app.Dispose();
            }
        }
    }

    [Fact]
    public async Task Start_OfAServerWhereOneRuns_ThrowsAndLeavesItsSocket()
    {
        await using var server = await EmbeddedServer.StartAtSocketAsync();
        var socket = server.Configuration[1..];
        var exception = await Assert.ThrowsAsync<SocketFileException>(
            () => EmbeddedGarnetServer.StartAsync(new() { UnixSocket = socket }, NullLoggerFactory.Instance));
        Assert.True(exception.IsHeld);
        Assert.True((await ServerProbe.AskAsync(new UnixDomainSocketEndPoint(socket), null, CancellationToken.None)).IsGarnet);
    }

    [Fact]
    public async Task Start_Always_LetsNobodyElseConnect()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        using var app = await CacheApp.StartAsync(Socket);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket));
    }

    [Fact]
    public async Task StartAndStop_Always_LogOneLineOfTheServerAndLeaveNoSocket()
    {
        using var logs = new LogCollector();
        using (var app = CacheApp.Create([$"Larder:Garnet:UnixSocket={Socket}"], logs))
        {
            await app.StartAsync();
            await app.StopAsync();
        }

        Assert.False(File.Exists(Socket));
        var line = Assert.Single(logs.Lines, line => line.Level >= LogLevel.Information && line.Category.StartsWith("Larder.Garnet", StringComparison.Ordinal));
        Assert.Equal($"The embedded server listens at {Socket}.", line.Message);
    }

    [Fact]
    public async Task Start_FileThatIsNoSocket_NamesItAndLeavesIt()
    {
        foreach (var text in (string[])["", "somebody's"])
        {
            await File.WriteAllTextAsync(Socket, text);
            Assert.Equal(Failure(Socket, "something that is no socket is there"), await FailureAsync(Socket));
            Assert.Equal(text, await File.ReadAllTextAsync(Socket));
        }

        File.Delete(Socket);
        Directory.CreateDirectory(Socket);
        Assert.Equal(Failure(Socket, "something that is no socket is there"), await FailureAsync(Socket));
    }

    [Fact]
    public async Task Start_DirectoryMissing_NamesPathAndSetting()
    {
        var socket = Path.Combine(_directory, "none", "garnet.sock");
        Assert.Equal(Failure(socket, $"it can't be made there (Could not find a part of the path '{socket}.lock'.)"), await FailureAsync(socket));
    }

    [Fact]
    public async Task Start_DirectoryNotWritable_NamesPathAndSetting()
    {
        // Not even root can make a file there.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc.");
        Assert.StartsWith(
            "The embedded server can't use socket /proc/self/garnet.sock: it can't be made there (", await FailureAsync("/proc/self/garnet.sock"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SilentListener_NamesPathAndSetting()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Socket));
        listener.Listen();
        Assert.Equal(
            Failure(Socket, "something accepts connections there and gives no answer (an app that is paused in a debugger, perhaps)"), await FailureAsync(Socket));
    }

    [Fact]
    public async Task Start_LockHeldByOneThatDoesNotServe_NamesPathAndSetting()
    {
        using var held = SocketFile.Hold(Socket);
        Assert.StartsWith($"The embedded server can't use socket {Socket}: it can't be made there (", await FailureAsync(Socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongPassword_NamesPathAndSettings()
    {
        using var host = await CacheApp.StartAsync(Socket, "Larder:Garnet:Password=right");
        Assert.StartsWith(
            $"The server at socket {Socket} (the setting Larder:Garnet:UnixSocket) refused the password of Larder:Garnet:Password ('WRONGPASS",
            await FailureAsync(Socket, "Larder:Garnet:Password=wrong"),
            StringComparison.Ordinal);
    }

    private static string Failure(string socket, string what) =>
        $"The embedded server can't use socket {socket}: {what}. Stop what uses it, or set Larder:Garnet:UnixSocket to another path.";

    private static async Task<string> FailureAsync(string socket, params string[] settings) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => CacheApp.StartAsync(socket, settings))).Message;

    private static bool IsHosting(IHost app) => app.Services.GetRequiredKeyedService<EmbeddedGarnetHost>("").IsHosting;

    private static LarderCache Cache(IHost app) => app.Services.GetRequiredService<LarderCache>();

    private static async Task<string> GetOrCreateAsync(IHost app, string value) =>
        await Cache(app).GetOrCreateAsync("key", value, static (value, _) => ValueTask.FromResult(value));
}
