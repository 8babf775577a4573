using Larder.Stores;
using Larder.Testing.Conformance;
using Larder.Testing.Memory;
using Microsoft.Extensions.Time.Testing;

namespace Larder.Tests.Stores;

/// <summary>The server that schedules are explored on does what the real ones do.</summary>
public sealed class MemoryStoreConformance : StoreConformance
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryServer _server;

    public MemoryStoreConformance() => _server = new(_time);

    protected override TimeProvider TimeProvider => _time;

    protected override ValueTask<ILarderStore> CreateStoreAsync(StoreContext context) => new(new MemoryStore(_server, context));

    protected override Task ElapseAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    protected override Task FlushAsync()
    {
        _server.Flush();
        return Task.CompletedTask;
    }
}
