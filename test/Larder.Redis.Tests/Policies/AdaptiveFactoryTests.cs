using Larder.Testing.Policies;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Adaptive factories and conditional refresh across two nodes.</summary>
public abstract class AdaptiveFactoryTests(ServerKind kind) : PolicyTests(kind)
{
    private static readonly DateTimeOffset Changed = new(2025, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly LarderEntryOptions Options = new()
    {
        Expiration = Hour, FailSafe = new FailSafeOptions { MaximumDuration = Hour },
    };

    [Fact]
    public async Task Factory_ValueOfTheOtherNodeHasExpired_SeesItsValidatorsAndKeepsIt()
    {
        await MakeOldAsync();
        (bool, string?, string?, DateTimeOffset?) seen = default;

        var value = await EndsAsync(B.Cache.GetOrCreateAsync<string?>(
            "k",
            (context, _) =>
            {
                seen = (context.HasExpired, context.Expired, context.ETag, context.LastModified);
                return new(context.NotModified());
            },
            Options,
            cancellationToken: Cancel));

        Assert.Equal("old", value);
        Assert.Equal((true, "old", "\"v1\"", Changed), seen);
        await CatchUpAsync();
        Assert.Equal("old", await A.PeekStoreAsync("k"));
        Assert.Equal("old", await A.PeekAsync("k"));
        Assert.Equal("\"v1\"", (await A.Store.ReadAsync("k", Cancel))!.ETag);
    }

    [Fact]
    public async Task NotModified_OtherNodeNamedTheTags_TheyStay()
    {
        await MakeOldAsync();
        await EndsAsync(B.Cache.GetOrCreateAsync<string?>("k", static (context, _) => new(context.NotModified()), Options, cancellationToken: Cancel));

        await A.Cache.RemoveByTagAsync(InvalidationKinds.Tag, Cancel);
        await CatchUpAsync();

        Assert.Null(await B.PeekAsync("k"));
        Assert.Null(await A.PeekStoreAsync("k"));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task NotModified_InvalidatedWhileTheFactoryRuns_OldValueIsNotStoredAnew(Invalidation invalidation, bool byOther)
    {
        await MakeOldAsync();
        var gate = new Gate();
        var call = EndsAsync(A.Cache.GetOrCreateAsync<string?>(
            "k",
            async (context, cancellation) =>
            {
                await gate.PassAsync(cancellation);
                return context.NotModified();
            },
            Options,
            cancellationToken: Cancel));
        await gate.Reached;

        await InvalidateAsync(invalidation, byOther);
        gate.Open();

        Assert.Equal("old", await call);
        await AssertGoneAsync(invalidation);
    }

    [Theory]
    [InlineData(Invalidation.Remove)]
    [InlineData(Invalidation.RemoveByTag)]
    [InlineData(Invalidation.Clear)]
    public async Task Factory_InvalidatedByTheOtherNodeBefore_SeesNoExpiredValue(Invalidation invalidation)
    {
        await MakeOldAsync();
        await InvalidateAsync(invalidation, byOther: true);
        var seen = true;

        await EndsAsync(A.Cache.GetOrCreateAsync<string?>(
            "k",
            (context, _) =>
            {
                seen = context.HasExpired;
                return new("new");
            },
            Options,
            cancellationToken: Cancel));

        Assert.False(seen);
    }

    [Fact]
    public async Task Factory_SkipsCaching_NothingIsStoredAndTheOtherNodeDoesNotWait()
    {
        var gate = new Gate();
        var call = EndsAsync(A.Cache.GetOrCreateAsync<string?>(
            "k",
            async (context, cancellation) =>
            {
                await gate.PassAsync(cancellation);
                context.SkipCaching = true;
                return "private";
            },
            cancellationToken: Cancel));
        await gate.Reached;
        var other = B.GetAsync("k", "shared");
        gate.Open();

        Assert.Equal("private", await call);
        Assert.Equal("shared", await other);
        await CatchUpAsync();
        Assert.Equal("shared", await A.PeekAsync("k"));
    }

    [Fact]
    public async Task Factory_SetsOptionsAndTags_TheOtherNodeGoesByThem()
    {
        await A.Cache.GetOrCreateAsync<string?>(
            "k",
            static (context, _) =>
            {
                context.Options.Expiration = TimeSpan.FromMinutes(3);
                context.Tags = [InvalidationKinds.Tag];
                return new("old");
            },
            cancellationToken: Cancel);

        var found = await B.Cache.TryGetAsync<string>("k", Cancel);
        Assert.Equal("old", found.Value);
        Assert.InRange(found.ExpiresIn!.Value, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4));
        await A.Cache.RemoveByTagAsync(InvalidationKinds.Tag, Cancel);
        await CatchUpAsync();
        Assert.Null(await B.PeekAsync("k"));
    }

    /// <summary>A value that A has made, with validators and a tag, and that has expired.</summary>
    private async Task MakeOldAsync()
    {
        await A.Cache.GetOrCreateAsync<string?>(
            "k",
            static (context, _) =>
            {
                (context.ETag, context.LastModified, context.Tags) = ("\"v1\"", Changed, [InvalidationKinds.Tag]);
                return new("old");
            },
            Options,
            cancellationToken: Cancel);
        await A.Cache.ExpireAsync("k", Cancel);
        await CatchUpAsync();
    }
}

/// <summary>On redis-server.</summary>
public sealed class AdaptiveFactoryTestsOnRedis() : AdaptiveFactoryTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class AdaptiveFactoryTestsOnGarnet() : AdaptiveFactoryTests(ServerKind.Garnet);
