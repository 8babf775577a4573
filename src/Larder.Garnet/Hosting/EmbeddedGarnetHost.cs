using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Larder.Garnet.Hosting;

/// <summary>
/// The embedded server's part in the life of the app: it serves, here or in another app that was first, before anything else
/// of this one starts, and is stopped after everything else has. While the server is another app's, it is watched, and its
/// place taken when it ends.
/// </summary>
internal sealed class EmbeddedGarnetHost(
    AddressClaim claim, EmbeddedGarnetOptions options, Func<ValueTask> closeCache, ILogger log, TimeProvider time)
    : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan RejoinInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly ServerAddress _address = ServerAddress.Of(options);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _sync = new();
    private Task? _started;
    private Task _watch = Task.CompletedTask;
    private EmbeddedGarnetServer? _server;

    /// <summary>Whether the server runs in this process.</summary>
    public bool IsHosting => Volatile.Read(ref _server) is not null;

    /// <summary>Completes when the address is served; the first caller starts that.</summary>
    public Task ServedAsync(CancellationToken cancellationToken)
    {
        lock (_sync)
        {
            _started ??= StartServingAsync();
            return _started.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// How to connect to the server. It is started now if it isn't yet: for a cache that is used before the app has started,
    /// or without a host that would start anything.
    /// </summary>
    public ConfigurationOptions Connect()
    {
        _ = ServedAsync(CancellationToken.None);
        return ClientOptions();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => ServedAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // An app that is about to end takes nobody's place.
    public Task StoppingAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        // The cache first: it would report its server lost.
        await closeCache().ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task? started;
        lock (_sync)
        {
            started = _started ??= Task.CompletedTask;
        }

        await started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    private ConfigurationOptions ClientOptions() => new() { EndPoints = { _address.EndPoint }, Password = options.Password };

    private async Task StartServingAsync()
    {
        // A server's start blocks for 200 ms; the lock that this is called under must not.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var holder = await claim.HostOrJoinAsync(_stopping.Token).ConfigureAwait(false);
        Volatile.Write(ref _server, holder.Server);
        if (holder.Server is not null)
        {
            Log.Hosting(log, _address);
        }
        else
        {
            Log.Joined(log, _address);
            _watch = holder.IsEmbedded ? SucceedAsync() : _watch;
        }

        await WarmUp.RunAsync(ClientOptions()).ConfigureAwait(false);
    }

    private async Task SucceedAsync()
    {
        while (true)
        {
            await ServerProbe.UntilGoneAsync(_address.EndPoint, options.Password, _stopping.Token).ConfigureAwait(false);
            try
            {
                var holder = await claim.HostOrJoinAsync(_stopping.Token).ConfigureAwait(false);
                if (holder.Server is null && holder.IsEmbedded)
                {
                    // Without the pause, a server that ends every connection at once would keep a processor busy.
                    await Task.Delay(RejoinInterval, time, _stopping.Token).ConfigureAwait(false);
                    continue;
                }

                Volatile.Write(ref _server, holder.Server);
                if (holder.Server is not null)
                {
                    Log.TookOver(log, _address);
                }

                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.CouldNotTakeOver(log, _address, exception.Message);
                await Task.Delay(RetryInterval, time, _stopping.Token).ConfigureAwait(false);
            }
        }
    }
}
