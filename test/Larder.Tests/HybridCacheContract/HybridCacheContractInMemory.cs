using Larder.Testing.HybridCacheContract;

namespace Larder.Tests.HybridCacheContract;

/// <summary>The contract of a cache without a store.</summary>
public sealed class HybridCacheContractInMemory : HybridCacheContractTests
{
    protected override bool HasStore => false;

    protected override void UseStore(ILarderBuilder builder)
    {
    }
}
