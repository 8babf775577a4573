using Larder.Stores;
using Larder.Testing.Conformance;
using Larder.Testing.Memory;

namespace Larder.Tests.Stores;

/// <summary>The server that schedules are explored on does what the real ones do.</summary>
public sealed class MemoryStoreConformance : StoreConformance
{
    private readonly MemoryServer _server = new(TimeProvider.System);

    protected override ValueTask<ILarderStore> CreateStoreAsync(StoreContext context) => new(new MemoryStore(_server, context));

    protected override Task FlushAsync()
    {
        _server.Flush();
        return Task.CompletedTask;
    }
}
