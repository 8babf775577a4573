using Larder.Stores;
using Larder.Testing.Memory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests.Reads;

/// <summary>A store that lends its payloads gets each back once, and nobody needs it any more.</summary>
public sealed class LentPayloadTests : IAsyncDisposable
{
    private readonly MemoryServer _server = new(TimeProvider.System);
    private readonly List<Loan> _loans = [];
    private readonly ServiceProvider _services;

    public LentPayloadTests() => _services = new ServiceCollection()
        .AddLarder().UseStore((_, context) => new LendingStore(new MemoryStore(_server, context), _loans)).Services.BuildServiceProvider();

    private LarderCache Cache => _services.GetRequiredService<LarderCache>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Get_OfAValueThatIsCopiedAtEachHit_CopiesWhatWasLent()
    {
        await StoreAsync(new Mutable { Name = "Ada" });

        Assert.Equal("Ada", (await Cache.TryGetAsync<Mutable>("k", Cancel)).Value!.Name);
        var hit = await Cache.TryGetAsync<Mutable>("k", Cancel);

        Assert.Equal((CacheLevel.L1, "Ada"), (hit.Level, hit.Value!.Name));
        AssertReturned();
    }

    [Fact]
    public async Task Get_OfSharedBytesAndOfWhatCannotBeRead_GivesItBack()
    {
        await StoreAsync<byte[]>([1, 2, 3]);

        Assert.Equal([1, 2, 3], (await Cache.TryGetAsync<byte[]>("k", Cancel)).Value!);
        Assert.False((await Cache.TryGetAsync<Mutable>("k", Cancel)).Found);
        AssertReturned();
    }

    [Fact]
    public async Task GetMany_GivesEachBack()
    {
        await StoreAsync(new Mutable { Name = "Ada" });

        Assert.Equal("Ada", (await Cache.GetManyAsync<Mutable>(["k", "none"], Cancel))["k"].Name);
        AssertReturned();
    }

    private async Task StoreAsync<T>(T value)
    {
        await Cache.Ready;
        await Cache.SetAsync("k", value, cancellationToken: Cancel);
        Cache.Node.Local.Local.Clear();
    }

    private void AssertReturned()
    {
        Assert.NotEmpty(_loans);
        Assert.All(_loans, static loan => Assert.Equal(1, loan.Returns));
    }

    private sealed class Mutable
    {
        public string Name { get; set; } = "";
    }

    /// <summary>Bytes that are others once they were given back.</summary>
    private sealed class Loan(byte[] bytes) : IDisposable
    {
        public byte[] Bytes => bytes;

        public int Returns { get; private set; }

        public void Dispose()
        {
            Returns++;
            Array.Fill(bytes, (byte)'?');
        }
    }

    private sealed class LendingStore(ILarderStore store, List<Loan> loans) : DelegatingStore(store)
    {
        public override async ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken) =>
            Lend(await base.ReadAsync(key, cancellationToken));

        public override async ValueTask<IReadOnlyList<StoreEntry?>> ReadManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
            [.. (await base.ReadManyAsync(keys, cancellationToken)).Select(Lend)];

        private StoreEntry? Lend(StoreEntry? entry)
        {
            if (entry is null)
            {
                return null;
            }

            var loan = new Loan(entry.Payload.ToArray());
            loans.Add(loan);
            return entry with { Payload = loan.Bytes, PayloadOwner = loan };
        }
    }
}
