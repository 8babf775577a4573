using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests.Local;

public sealed class LocalOptionsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void MaximumBytes_NotSet_IsATenthOfWhatTheProcessMayUse() =>
        Assert.Equal(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10, new LocalOptions().MaximumBytes);

    [Fact]
    public async Task SizeOf_FunctionOfTheType_GivesTheSizeOfItsEntries()
    {
        await using var services = Cache(new LocalOptions().SizeOf<Version>(version => 10_000 * version.Major));

        Assert.Equal(30_000, await ValueBytesAsync(services, new Version(3, 1)));
    }

    [Fact]
    public async Task SizeOf_OtherType_IsNotAsked()
    {
        await using var services = Cache(new LocalOptions().SizeOf<Version>(_ => throw new InvalidOperationException()));

        Assert.Equal(10, await ValueBytesAsync(services, "hello"));
    }

    [Fact]
    public async Task SizeOf_CallWithLocalSize_TheCallCounts()
    {
        await using var services = Cache(new LocalOptions().SizeOf<string>(_ => 10_000));

        Assert.Equal(7, await ValueBytesAsync(services, "hello", new LarderEntryOptions { LocalSize = 7 }));
    }

    [Fact]
    public async Task SizeOf_SecondFunctionForAType_TakesThePlaceOfTheFirst()
    {
        await using var services = Cache(new LocalOptions().SizeOf<string>(_ => 1).SizeOf<string>(text => text.Length));

        Assert.Equal(5, await ValueBytesAsync(services, "hello"));
    }

    [Fact]
    public async Task SizeOf_FunctionReturnsANegative_TheCallerIsToldWhichAndWhat()
    {
        await using var services = Cache(new LocalOptions().SizeOf<string>(_ => -1));

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => ValueBytesAsync(services, "hello"));
        Assert.Equal("The function given to SizeOf<System.String> returned -1; it may return 0 or more.", thrown.Message);
    }

    [Fact]
    public void SizeOf_NoFunction_IsRefused() => Assert.Throws<ArgumentNullException>("size", () => new LocalOptions().SizeOf<string>(null!));

    private static ServiceProvider Cache(LocalOptions local) =>
        new ServiceCollection().AddLarder(options => options.Local = local).Services.BuildServiceProvider();

    private static async Task<long> ValueBytesAsync<T>(ServiceProvider services, T value, HybridCacheEntryOptions? options = null)
    {
        var cache = services.GetRequiredService<LarderCache>();
        await cache.SetAsync("k", value, options, cancellationToken: Cancel);
        return cache.Node.Local.Local.Bytes - new TestEntry("k").Size;
    }
}
