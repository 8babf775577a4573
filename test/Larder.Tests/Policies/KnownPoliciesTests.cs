using Larder.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Tests.Policies;

public sealed class KnownPoliciesTests
{
    private readonly KnownPolicies _policies = new(new LarderEntryOptions { Expiration = TimeSpan.FromMinutes(1) });

    [Fact]
    public void For_SameOptionsAgain_IsTheSamePolicy()
    {
        var options = new HybridCacheEntryOptions { LocalSize = 1 };

        Assert.Same(_policies.For(options), _policies.For(options));
    }

    [Fact]
    public void For_MoreOptionsThanThereArePlaces_EachHasItsOwn()
    {
        HybridCacheEntryOptions[] all = [.. Enumerable.Range(1, 1000).Select(static size => new HybridCacheEntryOptions { LocalSize = size })];
        foreach (var options in (HybridCacheEntryOptions[])[.. all, .. all])
        {
            var policy = _policies.For(options);

            Assert.Equal((options.LocalSize, TimeSpan.FromMinutes(1)), (policy.LocalSize, policy.Expiration));
        }
    }

    [Fact]
    public void For_OptionsThatAreNotAcceptable_ThrowsEachTime()
    {
        var options = new HybridCacheEntryOptions { Expiration = TimeSpan.Zero };

        Assert.Throws<ArgumentException>(() => _policies.For(options));
        Assert.Throws<ArgumentException>(() => _policies.For(options));
    }
}
