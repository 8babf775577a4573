using Larder.Stores;
using Larder.Testing.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Larder.Tests.Stores;

/// <summary>What a store can do besides, asked through stores around it.</summary>
public sealed class DelegatingStoreTests : IAsyncDisposable
{
    private readonly MemoryStore _plain = new(new MemoryServer(TimeProvider.System), new StoreContext
    {
        CacheName = "", KeyPrefix = "", NodeId = "n", TimeProvider = TimeProvider.System, LoggerFactory = NullLoggerFactory.Instance,
    });

    private readonly Listing _listing;

    public DelegatingStoreTests() => _listing = new Listing(_plain);

    public ValueTask DisposeAsync() => _listing.DisposeAsync();

    [Fact]
    public void Ability_NobodyHasIt_None() => Assert.Null(new Around(new Around(_plain)).Ability<IKeyScanner>());

    [Fact]
    public void Ability_OfTheStoreItself_IsFoundThroughTwoOthers() =>
        Assert.Same(_listing, new Around(new Around(_listing)).Ability<IKeyScanner>());

    [Fact]
    public void Ability_OfBoth_TheOuterOnesCounts()
    {
        var outer = new Listing(_listing);

        Assert.Same(outer, new Around(outer).Ability<IKeyScanner>());
    }

    [Fact]
    public void Ability_Denied_IsNotFoundBehindIt() => Assert.Null(new Around(new Denying(_listing)).Ability<IKeyScanner>());

    private sealed class Around(ILarderStore store) : DelegatingStore(store);

    private sealed class Denying(ILarderStore store) : DelegatingStore(store)
    {
        public override T? Ability<T>()
            where T : class => typeof(T) == typeof(IKeyScanner) ? null : base.Ability<T>();
    }

    private sealed class Listing(ILarderStore store) : DelegatingStore(store), IKeyScanner
    {
        public ValueTask<KeyScan> ScanAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<EntryHeader?>> ReadHeadersAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
