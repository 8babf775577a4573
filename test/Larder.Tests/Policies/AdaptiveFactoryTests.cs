using Larder.Testing;
using Larder.Testing.Policies;
using Xunit;

namespace Larder.Tests.Policies;

/// <summary>A factory that decides by the value, and that asks the origin whether the expired one has changed.</summary>
public sealed class AdaptiveFactoryTests : MemoryPolicyTests
{
    private static readonly DateTimeOffset Changed = new(2025, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly LarderEntryOptions Options = new()
    {
        Expiration = 10 * Second,
        FailSafe = new FailSafeOptions { MaximumDuration = 60 * Second },
    };

    [Fact]
    public async Task Factory_SetsOptionsAndTags_TheyAreInForce()
    {
        await MakeAsync(context =>
        {
            context.Options.Expiration = 20 * Second;
            context.Tags = [InvalidationKinds.Tag];
            return "old";
        });

        Time.Advance((20 * Second) - Instant);
        Assert.Equal("old", await PeekAsync());
        await Cache.RemoveByTagAsync(InvalidationKinds.Tag, Cancel);
        Assert.Null(await PeekAsync());
    }

    [Fact]
    public async Task Factory_SkipsCaching_CallersGetTheValueAndNothingIsCached()
    {
        Assert.Equal("old", await MakeAsync(context =>
        {
            context.SkipCaching = true;
            return "old";
        }));

        Assert.Null(await PeekAsync());
    }

    [Fact]
    public async Task Factory_TurnsFailSafeOn_ExpiredValueIsThereForTheNextOne()
    {
        await Cache.GetOrCreateAsync<string?>(
            "k",
            static (context, _) =>
            {
                context.Options.Expiration = 10 * Second;
                context.Options.FailSafe = new FailSafeOptions { MaximumDuration = 60 * Second };
                return new("old");
            },
            cancellationToken: Cancel);
        Time.Advance(10 * Second);
        Origin.IsDown = true;

        Assert.Equal("old", await GetAsync(Options));
    }

    [Fact]
    public async Task Factory_BadOption_SaysWhichAndNothingIsCached()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => MakeAsync(context =>
        {
            context.Options.Expiration = TimeSpan.Zero;
            return "old";
        }, new LarderEntryOptions()));

        Assert.Contains("Expiration was 00:00:00", failure.Message, StringComparison.Ordinal);
        Assert.Null(await PeekAsync());
    }

    [Fact]
    public async Task Factory_NothingExpired_ThereIsNoneToSee()
    {
        await MakeAsync(context =>
        {
            Assert.Equal((false, null, null, "k"), (context.HasExpired, context.ETag, context.LastModified, context.Key));
            Assert.Throws<InvalidOperationException>(() => context.Expired);
            Assert.Throws<InvalidOperationException>(context.NotModified);
            return "old";
        });
    }

    [Fact]
    public async Task NotModified_ExpiredValue_IsCachedAnewWithItsValidators()
    {
        await MakeOldAsync();
        for (var round = 0; round < 3; round++)
        {
            Time.Advance(10 * Second);
            Assert.Equal("old", await MakeAsync(context =>
            {
                Assert.Equal((true, "old", "v1", Changed), (context.HasExpired, context.Expired, context.ETag, context.LastModified));
                return context.NotModified();
            }));

            Time.Advance((10 * Second) - Instant);
            Assert.Equal("old", await PeekAsync());
            Time.Advance(Instant);
            Assert.Null(await PeekAsync());
        }
    }

    [Fact]
    public async Task Factory_NewValueAndNoWordOfValidators_TheFormerOnesAreGone()
    {
        await MakeOldAsync();
        Time.Advance(10 * Second);
        await MakeAsync(static _ => "new");
        Time.Advance(10 * Second);

        await MakeAsync(context =>
        {
            Assert.Equal(("new", null, null), (context.Expired, context.ETag, context.LastModified));
            return "newer";
        });
    }

    [Fact]
    public async Task NotModified_FactoryNamesNoTags_TheEntryKeepsItsOwn()
    {
        await MakeAsync(static context =>
        {
            context.Tags = [InvalidationKinds.Tag];
            return "old";
        });
        Time.Advance(10 * Second);
        await MakeAsync(static context => context.NotModified());
        Assert.Equal("old", await PeekAsync());

        await Cache.RemoveByTagAsync(InvalidationKinds.Tag, Cancel);

        Assert.Null(await PeekAsync());
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task NotModified_InvalidatedWhileTheFactoryRuns_OldValueIsNotCachedAnew(Invalidation invalidation)
    {
        await MakeOldAsync();
        Time.Advance(10 * Second);
        var gate = new Gate();
        var call = EndsAsync(Cache.GetOrCreateAsync<string?>(
            "k",
            async (context, cancellation) =>
            {
                await gate.PassAsync(cancellation);
                return context.NotModified();
            },
            Options,
            cancellationToken: Cancel));
        await gate.Reached;

        await Cache.InvalidateAsync(invalidation, "k");
        gate.Open();

        Assert.Equal("old", await call);
        Assert.Equal(invalidation.Leaves(), await PeekAsync());
    }

    [Theory]
    [InlineData(Invalidation.Remove)]
    [InlineData(Invalidation.RemoveByTag)]
    [InlineData(Invalidation.Clear)]
    public async Task Factory_InvalidatedBefore_SeesNoExpiredValue(Invalidation invalidation)
    {
        await MakeOldAsync();
        Time.Advance(10 * Second);

        await Cache.InvalidateAsync(invalidation, "k");

        await MakeAsync(static context =>
        {
            Assert.False(context.HasExpired);
            Assert.Null(context.ETag);
            return "new";
        });
    }

    // Fail-safe would answer in the place of a factory whose assertion fails: it is kept for the test.
    private async Task<string?> MakeAsync(Func<LarderEntryContext<string?>, string?> make, LarderEntryOptions? options = null)
    {
        Exception? failure = null;
        var value = await EndsAsync(Cache.GetOrCreateAsync<string?>(
            "k",
            (context, _) =>
            {
                try
                {
                    return new(make(context));
                }
                catch (Exception fault)
                {
                    failure = fault;
                    throw;
                }
            },
            options ?? Options,
            cancellationToken: Cancel));
        Assert.Null(failure);
        return value;
    }

    private Task<string?> MakeOldAsync() => MakeAsync(static context =>
    {
        (context.ETag, context.LastModified, context.Tags) = ("v1", Changed, [InvalidationKinds.Tag]);
        return "old";
    });
}
