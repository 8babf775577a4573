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
    public Task StartAsync(CancellationToken cancellationToken) =>
        services.GetRequiredKeyedService<LarderCache>(name).Ready.WaitAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) =>
        services.GetRequiredKeyedService<LarderCache>(name).DeliverBegunAsync(cancellationToken);
}
