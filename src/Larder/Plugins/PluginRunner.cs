using Microsoft.Extensions.DependencyInjection;

namespace Larder.Plugins;

/// <summary>
/// Runs the plugins of one cache, each by itself: their constructors too are the app's code, and may throw, or hang, for all
/// that the cache knows.
/// </summary>
internal sealed class PluginRunner : IAsyncDisposable
{
    /// <summary>How long a start may take before it is logged, and for how long a stop is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly LarderCache _cache;
    private readonly CancellationTokenSource _ended = new();
    private readonly Started[] _plugins;

    private PluginRunner(LarderCache cache, IServiceProvider services, IEnumerable<PluginFactory> plugins)
    {
        _cache = cache;
        _plugins = [.. plugins.Select(plugin => new Started(plugin.Name, Task.Run(() => StartAsync(plugin, services))))];
        foreach (var plugin in _plugins)
        {
            _ = ReportSlowAsync(plugin);
        }
    }

    private TimeProvider Time => _cache.Node.Clock.Provider;

    /// <summary>Starts the plugins that were added to a cache; does not wait for them.</summary>
    /// <returns><see langword="null"/> if there is none.</returns>
    public static PluginRunner? Start(LarderCache cache, IServiceProvider services, string registeredAs) =>
        services.GetKeyedServices<PluginFactory>(registeredAs).ToArray() is { Length: > 0 } plugins ? new PluginRunner(cache, services, plugins) : null;

    /// <summary>Stops them all at once, and waits for as long as they may take.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(Patience, Time);
        await Task.WhenAll(_plugins.Select(plugin => EndAsync(plugin, patience.Token))).ConfigureAwait(false);
        _ended.Dispose();
    }

    private async Task<ILarderPlugin?> StartAsync(PluginFactory factory, IServiceProvider services)
    {
        ILarderPlugin? plugin = null;
        try
        {
            plugin = factory.Create(services);
            await plugin.StartAsync(_cache, _ended.Token).ConfigureAwait(false);
            return plugin;
        }
        catch (Exception fault)
        {
            if (!_ended.IsCancellationRequested)
            {
                Log.PluginFailed(_cache.Node.Log, factory.Name, "start", fault);
            }

            if (plugin is not null)
            {
                await DisposeAsync(factory.Name, plugin).ConfigureAwait(false);
            }

            return null;
        }
    }

    private async Task ReportSlowAsync(Started plugin)
    {
        try
        {
            await plugin.Start.WaitAsync(Patience, Time, _ended.Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.PluginSlow(_cache.Node.Log, plugin.Name, "start", Patience);
        }
        catch (OperationCanceledException)
        {
            // The cache has ended: how long it still takes is EndAsync's business.
        }
    }

    private async Task EndAsync(Started plugin, CancellationToken patience)
    {
        try
        {
            // On a thread of its own: what blocks is given up all the same.
            await Task.Run(() => StopAsync(plugin, patience), CancellationToken.None).WaitAsync(patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Log.PluginSlow(_cache.Node.Log, plugin.Name, "stop", Patience);
        }
    }

    private async Task StopAsync(Started plugin, CancellationToken patience)
    {
        if (await plugin.Start.ConfigureAwait(false) is not { } started)
        {
            return;
        }

        try
        {
            await started.StopAsync(_cache, patience).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !patience.IsCancellationRequested)
        {
            Log.PluginFailed(_cache.Node.Log, plugin.Name, "stop", fault);
        }
        finally
        {
            await DisposeAsync(plugin.Name, started).ConfigureAwait(false);
        }
    }

    private async Task DisposeAsync(string name, ILarderPlugin plugin)
    {
        try
        {
            switch (plugin)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync().ConfigureAwait(false);
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
        catch (Exception fault)
        {
            Log.PluginFailed(_cache.Node.Log, name, "end", fault);
        }
    }

    private sealed record Started(string Name, Task<ILarderPlugin?> Start);
}
