using Larder.Testing.Memory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests.Reads;

/// <summary>What goes wrong while a value of L2 is taken over is no fault of the caller's: the factory makes it anew.</summary>
public sealed class FaultyReadTests : IAsyncDisposable
{
    private readonly MemoryServer _server = new(TimeProvider.System);
    private readonly ServiceProvider _services;
    private bool _isFaulty;

    public FaultyReadTests() => _services = new ServiceCollection()
        .AddLarder(options => options.Local.SizeOf<string>(_ => _isFaulty ? throw new InvalidOperationException("size") : 1))
        .UseStore((_, context) => new MemoryStore(_server, context)).Services.BuildServiceProvider();

    private LarderCache Cache => _services.GetRequiredService<LarderCache>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_ASizeCannotBeToldOfWhatL2Has_TheFactoryMakesIt(bool canCancel)
    {
        await Cache.Ready;
        await Cache.SetAsync("k", "old", cancellationToken: Cancel);
        Cache.Node.Local.Local.Clear();
        _isFaulty = true;

        var value = await Cache.GetOrCreateAsync("k", Make, cancellationToken: canCancel ? Cancel : CancellationToken.None);

        Assert.Equal("new", value);

        ValueTask<string> Make(CancellationToken cancellationToken)
        {
            _isFaulty = false;
            return new("new");
        }
    }
}
