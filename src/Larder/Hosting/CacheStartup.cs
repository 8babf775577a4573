using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larder.Hosting;

/// <summary>
/// Connects a cache before the app serves its first request, which then finds it warm; L2 being down delays the start by
/// the store's time-out at most. An embedded server has started by then: that is done in StartingAsync of its service; and
/// still runs at the end, which waits for what was invalidated in the background.
/// </summary>
internal sealed class CacheStartup(IServiceProvider services, string name) : IHostedService
{
    private LarderCache? _cache;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _cache = services.GetRequiredKeyedService<LarderCache>(name);
        return _cache.Ready.WaitAsync(cancellationToken);
    }

    // A host may be stopped that was not started, and once more when its services are gone.
    public Task StopAsync(CancellationToken cancellationToken) => _cache?.DeliverBegunAsync(cancellationToken) ?? Task.CompletedTask;
}
