using Larder.Recovery;
using Larder.Tags;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Recovery;

public sealed class UndeliveredTests
{
    private static readonly TimeoutException Cause = new("L2 did not answer");

    private readonly FakeTimeProvider _time = new();
    private readonly Undelivered _undelivered;
    private readonly List<string> _delivered = [];

    public UndeliveredTests() => _undelivered = new Undelivered(new MonotonicClock(_time));

    [Fact]
    public void OldestAge_QueuedAnew_CountsFromTheFirst()
    {
        Assert.Null(_undelivered.OldestAge);
        _undelivered.AddKeys(["k"], Cause);
        _time.Advance(TimeSpan.FromSeconds(2));
        _undelivered.AddKeys(["k"], Cause);
        _undelivered.AddTags(["t"], Cause);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(3), _undelivered.OldestAge);
        _undelivered.Delivered(["k"]);
        Assert.Equal(TimeSpan.FromSeconds(1), _undelivered.OldestAge);
    }

    [Fact]
    public void Add_SameKeyTwice_CountsOnce()
    {
        _undelivered.AddKeys(["k"], Cause);
        _undelivered.AddKeys(["k", "other"], Cause);

        Assert.Equal(2, _undelivered.Count);
        Assert.True(_undelivered.CoversKey("k"));
        Assert.False(_undelivered.CoversKey("never"));
    }

    [Fact]
    public void CoversTags_TagOrAll_CoversWhatCarriesIt()
    {
        _undelivered.AddTags(["t"], Cause);
        Assert.True(_undelivered.CoversTags(["other", "t"]));
        Assert.False(_undelivered.CoversTags(["other"]));
        Assert.False(_undelivered.CoversTags(null));

        _undelivered.AddTags([TagClock.All], Cause);
        Assert.True(_undelivered.CoversTags(null));
    }

    [Fact]
    public async Task Retry_EverythingQueued_IsDeliveredInOrderAndGone()
    {
        _undelivered.AddKeys(["first"], Cause);
        _undelivered.AddKeys(["second"], Cause);
        _undelivered.AddKeys(["first"], Cause);
        _undelivered.AddTags(["t"], Cause);

        await RetryAsync();

        Assert.Equal(["#t", "second", "first"], _delivered);
        Assert.Equal(0, _undelivered.Count);
    }

    [Fact]
    public async Task Retry_Fails_NothingIsLost()
    {
        _undelivered.AddKeys(["k"], Cause);

        await Assert.ThrowsAsync<TimeoutException>(() => _undelivered.RetryAsync(static _ => throw Cause, static _ => Task.CompletedTask));

        Assert.True(_undelivered.CoversKey("k"));
    }

    [Fact]
    public async Task Retry_KeyIsQueuedAnewMeanwhile_StaysQueued()
    {
        _undelivered.AddKeys(["k"], Cause);

        await _undelivered.RetryAsync(
            _ =>
            {
                _undelivered.AddKeys(["k"], Cause);
                return Task.CompletedTask;
            },
            static _ => Task.CompletedTask);

        Assert.True(_undelivered.CoversKey("k"));
    }

    [Fact]
    public void Delivered_LaterInvalidationCameThrough_StandsForTheQueuedOne()
    {
        _undelivered.AddKeys(["k", "other"], Cause);

        _undelivered.Delivered(["k"]);

        Assert.False(_undelivered.CoversKey("k"));
        Assert.True(_undelivered.CoversKey("other"));
    }

    [Fact]
    public void Add_PastTheLimit_ThrowsAndQueuesNoneOfThem()
    {
        _undelivered.AddKeys([.. Enumerable.Range(0, Undelivered.Limit - 1).Select(number => $"{number}")], Cause);

        var failure = Assert.Throws<CacheUndeliveredException>(() => _undelivered.AddKeys(["one", "two"], Cause));

        Assert.Same(Cause, failure.InnerException);
        Assert.Equal(Undelivered.Limit - 1, _undelivered.Count);
        _undelivered.AddTags(["t"], Cause);
        Assert.Throws<CacheUndeliveredException>(() => _undelivered.AddTags(["u"], Cause));
    }

    private Task RetryAsync() => _undelivered.RetryAsync(
        keys =>
        {
            _delivered.AddRange(keys);
            return Task.CompletedTask;
        },
        tags =>
        {
            _delivered.AddRange(tags.Select(tag => $"#{tag}"));
            return Task.CompletedTask;
        });
}
