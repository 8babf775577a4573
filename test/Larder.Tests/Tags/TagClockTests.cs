using Larder.Stores;
using Larder.Tags;
using Xunit;

namespace Larder.Tests.Tags;

public sealed class TagClockTests
{
    private readonly TagClock _clock = new();

    [Fact]
    public void Check_NothingLearntYet_Unknown() => Assert.Equal(TagVerdict.Unknown, _clock.Check(At(0), ["t"]));

    [Fact]
    public void Check_StampIsNow_Valid()
    {
        Learn(5);

        Assert.Equal(TagVerdict.Valid, _clock.Check(At(5), ["t"]));
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(6), ["t"]));
    }

    [Fact]
    public void Check_OlderThanWhatIsKnown_Unknown()
    {
        Learn(5);

        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(4), ["t"]));
        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(4), null)); // it may have been cleared
    }

    [Fact]
    public void Check_TagInvalidatedAfterTheStamp_Invalid()
    {
        Learn(5);
        _clock.Learn("t", At(6));

        Assert.Equal(TagVerdict.Invalid, _clock.Check(At(5), ["other", "t"]));
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(6), ["t"]));
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(5), ["other"]));
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(5), null));
    }

    [Fact]
    public void Check_AllInvalidated_InvalidWhateverTheTags()
    {
        Learn(5);
        _clock.Learn(TagClock.All, At(6));

        Assert.Equal(TagVerdict.Invalid, _clock.Check(At(5), null));
        Assert.Equal(TagVerdict.Invalid, _clock.Check(At(5), ["t"]));
        Assert.Equal(TagVerdict.Invalid, _clock.CheckUnstamped());
    }

    [Fact]
    public void Learn_MoreTagsThanAreKept_ForgetsTheOldestAlone()
    {
        const int Last = 100_002;
        var clock = TagClock.Local();
        for (var i = 1; i <= Last; i++)
        {
            clock.Advance([$"t{i}"]);
        }

        Assert.Equal(TagVerdict.Valid, Check(0)); // nothing was ever cleared
        Assert.Equal(TagVerdict.Unknown, Check(0, "t1"));
        Assert.Equal(TagVerdict.Unknown, Check(0, "other"));
        Assert.Equal(TagVerdict.Invalid, Check(0, $"t{Last}"));
        Assert.Equal(TagVerdict.Invalid, Check(Last - 40_000, $"t{Last - 39_999}"));
        Assert.Equal(TagVerdict.Valid, Check(Last - 40_000, $"t{Last - 40_000}", "other"));

        clock.Advance([TagClock.All]);
        Assert.Equal(TagVerdict.Invalid, Check(Last));

        TagVerdict Check(long number, params string[] tags) => clock.Check(new TagStamp("local", number), tags);
    }

    [Fact]
    public void Learn_MoreTagsThanAreKept_RemembersThatAllWereInvalidated()
    {
        var clock = TagClock.Local();
        clock.Advance(["before"]);
        clock.Advance([TagClock.All]);
        clock.Advance([.. Enumerable.Range(0, 100_001).Select(static i => $"t{i}")]);
        clock.Advance(["after"]);

        Assert.Equal(TagVerdict.Invalid, clock.Check(new TagStamp("local", 1), null));
        Assert.Equal(TagVerdict.Valid, clock.Check(new TagStamp("local", 2), null));
        Assert.Equal(TagVerdict.Unknown, clock.Check(new TagStamp("local", 2), ["t5"]));
        Assert.Equal(TagVerdict.Valid, clock.Check(new TagStamp("local", 3), ["t5"]));
    }

    [Fact]
    public void Learn_OfAnAnswerFromBeforeTheForgetting_CountsOnFromIt()
    {
        Learn(5);
        var asOf = _clock.Forgets;
        _clock.Forget();

        Assert.False(_clock.Learn(new TagReading(At(7), [7]), ["t"], asOf));

        Assert.Equal(At(7), _clock.Now);
        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(7), ["t"]));
    }

    [Fact]
    public void Learn_OfALaterAnswerFromBeforeTheForgetting_KnowsNoTagAnyMore()
    {
        Learn(5);
        var asOf = _clock.Forgets;
        _clock.Forget();
        Learn(5);

        Assert.False(_clock.Learn(new TagReading(At(7), [7]), ["t"], asOf));

        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(5), ["t"]));
    }

    [Fact]
    public void Check_OtherGeneration_InvalidHoweverLargeTheNumber()
    {
        Learn(5);

        Assert.Equal(TagVerdict.Invalid, _clock.Check(new TagStamp("other", 100), null));
        Assert.Equal(TagVerdict.Invalid, _clock.Check(default, null));
    }

    [Fact]
    public void Learn_NumbersOfTheStore_AnswerForOlderStamps()
    {
        Learn(9);

        _clock.Learn(new TagReading(At(9), [0, 3, 0, 5]), [TagClock.All, "t", ExpiryTag.Of(TagClock.All), ExpiryTag.Of("t")], _clock.Forgets);

        Assert.Equal(TagVerdict.Invalid, _clock.Check(At(2), ["t"]));
        Assert.Equal(TagVerdict.Expired, _clock.Check(At(3), ["t"]));
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(5), ["t"]));
        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(3), ["t", "never asked for"]));
    }

    [Fact]
    public void Learn_MessagesOutOfOrder_LargestNumberCounts()
    {
        Learn(5);
        _clock.Learn("t", At(7));
        _clock.Learn("t", At(6));

        Assert.Equal(7, _clock.Now.Number);
        Assert.Equal(TagVerdict.Invalid, _clock.Check(At(6), ["t"]));
    }

    [Fact]
    public void Learn_SameMessageTwice_ChangesNoVerdictAndNoRevision()
    {
        Learn(5);
        _clock.Learn("t", At(6));
        var revision = _clock.Revision;

        _clock.Learn("t", At(6));

        Assert.Equal(revision, _clock.Revision);
    }

    [Fact]
    public void Learn_AnythingNew_ChangesTheRevision()
    {
        Learn(5);
        var revision = _clock.Revision;

        _clock.Learn("t", At(6));

        Assert.NotEqual(revision, _clock.Revision);
    }

    [Fact]
    public void Learn_NewGeneration_ForgetsTheNumbersOfTheOld()
    {
        Learn(5);
        _clock.Learn("t", At(6));

        _clock.Learn(new TagReading(new TagStamp("next", 1), []), [], _clock.Forgets);

        Assert.Equal(TagVerdict.Invalid, _clock.Check(At(6), null));
        Assert.Equal(TagVerdict.Valid, _clock.Check(new TagStamp("next", 1), ["t"]));
        Assert.Equal(TagVerdict.Unknown, _clock.Check(new TagStamp("next", 0), ["t"]));
    }

    [Fact]
    public void Forget_MessagesMayHaveBeenMissed_NothingIsKnownUntilTheStoreIsAsked()
    {
        Learn(5);
        _clock.Learn("t", At(6));
        var revision = _clock.Revision;

        _clock.Forget();

        Assert.NotEqual(revision, _clock.Revision);
        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(6), ["t"]));
        Assert.Equal(At(6), _clock.Now);
        _clock.Learn(new TagReading(At(8), [0, 8]), [TagClock.All, "t"], _clock.Forgets);
        Assert.Equal(TagVerdict.Invalid, _clock.Check(At(6), ["t"]));
    }

    [Fact]
    public void Learn_StoreWasAskedBeforeEverythingWasForgotten_AnswerDoesNotCount()
    {
        Learn(5);
        var asOf = _clock.Forgets;
        _clock.Forget();

        Assert.False(_clock.Learn(new TagReading(At(5), [0, 0]), [TagClock.All, "t"], asOf));

        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(5), ["t"]));
    }

    [Fact]
    public void Learn_AnswerIsOlderThanWhatIsKnownOfOthers_TagStaysUnknown()
    {
        Learn(5);
        _clock.Forget();
        Learn(8);

        // Its number may have become 7 since.
        Assert.False(_clock.Learn(new TagReading(At(6), [0, 0]), [TagClock.All, "t"], _clock.Forgets));

        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(6), ["t"]));
    }

    [Fact]
    public void Learn_AnswerOfAFormerGeneration_DoesNotBringItBack()
    {
        Learn(5);
        var asOf = _clock.Forgets;
        _clock.Learn(new TagReading(new TagStamp("next", 1), []), [], asOf);

        Assert.False(_clock.Learn(new TagReading(At(6), []), [], asOf));

        Assert.Equal("next", _clock.Now.Generation);
    }

    [Fact]
    public void Check_TagWasExpired_ExpiredUntilItIsRemoved()
    {
        Learn(5);
        _clock.Learn(ExpiryTag.Of("t"), At(6));

        Assert.Equal(TagVerdict.Expired, _clock.Check(At(5), ["other", "t"]));
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(5), ["other"]));
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(6), ["t"]));

        _clock.Learn("other", At(7));
        Assert.Equal(TagVerdict.Invalid, _clock.Check(At(5), ["t", "other"]));
        Assert.Equal(TagVerdict.Expired, _clock.Check(At(5), ["t"]));
    }

    [Fact]
    public void Check_EverythingWasExpired_ExpiredWhateverTheTags()
    {
        Learn(5);
        _clock.Learn(ExpiryTag.Of(TagClock.All), At(6));

        Assert.Equal(TagVerdict.Expired, _clock.Check(At(5), null));
        Assert.Equal(TagVerdict.Expired, _clock.Check(At(5), ["t"]));
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(6), null));
    }

    [Fact]
    public void Check_ExpiredAndPerhapsRemoved_StoreHasToBeAsked()
    {
        Learn(9);
        _clock.Learn(ExpiryTag.Of("t"), At(10));

        // Of before 9 nothing is known.
        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(8), ["t"]));
        _clock.Learn(new TagReading(At(10), [0, 0, 0]), [TagClock.All, ExpiryTag.Of(TagClock.All), "t"], _clock.Forgets);
        Assert.Equal(TagVerdict.Expired, _clock.Check(At(8), ["t"]));
    }

    [Fact]
    public void Learn_RecordsOfAllTags_ExpiriesAreAmongThem()
    {
        Learn(9);
        var all = new Dictionary<string, long> { ["removed"] = 4, [ExpiryTag.Of("expired")] = 6 };

        _clock.Learn(new TagReading(At(9), [0]) { All = all }, [TagClock.All], _clock.Forgets);

        Assert.Equal(TagVerdict.Invalid, _clock.Check(At(3), ["expired", "removed"]));
        Assert.Equal(TagVerdict.Expired, _clock.Check(At(5), ["expired", "removed"]));
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(6), ["expired", "removed", "never"]));
    }

    [Fact]
    public void Learn_MessageOfAnotherGeneration_StoreHasToBeAsked()
    {
        Learn(5);

        _clock.Learn("t", new TagStamp("other", 1));

        Assert.Equal("g", _clock.Now.Generation);
        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(5), ["t"]));
    }

    [Fact]
    public void LearnUnheard_ClockWentOn_OlderStampsHaveToBeAskedFor()
    {
        _clock.LearnUnheard(new TagReading(At(5), []), [], _clock.Forgets);
        _clock.Learn(new TagReading(At(5), [0, 0, 0, 0]), [TagClock.All, "t", ExpiryTag.Of(TagClock.All), ExpiryTag.Of("t")], _clock.Forgets);
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(4), ["t"]));

        _clock.LearnUnheard(new TagReading(At(5), []), [], _clock.Forgets);
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(4), ["t"]));

        _clock.LearnUnheard(new TagReading(At(6), []), [], _clock.Forgets);
        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(4), ["t"]));
    }

    [Fact]
    public void LearnUnheard_AnswerForOneTag_OfTheOthersNothingIsKnown()
    {
        _clock.LearnUnheard(new TagReading(At(5), []), [], _clock.Forgets);

        Assert.True(_clock.LearnUnheard(new TagReading(At(7), [0, 0]), [TagClock.All, "t"], _clock.Forgets));

        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(5), ["other"]));
    }

    [Fact]
    public void LearnUnheard_StoreWasAskedBeforeEverythingWasForgotten_AnswerDoesNotCount()
    {
        _clock.LearnUnheard(new TagReading(At(5), []), [], _clock.Forgets);
        var asOf = _clock.Forgets;
        _clock.Forget();

        Assert.False(_clock.LearnUnheard(new TagReading(At(5), []), [], asOf));

        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(5), ["t"]));
    }

    [Fact]
    public void Doubt_NothingWasKnown_WhatIsLoadedMeanwhileDoesNotCountAsChecked()
    {
        Learn(5);
        _clock.Forget();
        var revision = _clock.Revision;

        _clock.Doubt(At(7));

        Assert.NotEqual(revision, _clock.Revision);
        Assert.Equal(At(7), _clock.Now);
        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(7), ["t"]));
    }

    [Fact]
    public void Doubt_LateOrOfAnotherGeneration_ClockStays()
    {
        Learn(5);

        _clock.Doubt(At(3));
        _clock.Doubt(new TagStamp("other", 9));

        Assert.Equal(At(5), _clock.Now);
    }

    [Fact]
    public void Learn_TagsWithoutEnd_TheTableIsBounded()
    {
        Learn(0);
        for (var number = 1; number <= 100_002; number++)
        {
            _clock.Learn($"t{number}", At(number));
        }

        // What was dropped is asked for again; it is never taken for valid.
        Assert.Equal(TagVerdict.Unknown, _clock.Check(At(0), ["t1"]));
        Assert.Equal(TagVerdict.Valid, _clock.Check(At(100_002), ["t1"]));
    }

    [Fact]
    public void Local_Advance_InvalidatesWhatIsOlder()
    {
        var local = TagClock.Local();
        var before = local.Now;

        local.Advance(["t"]);

        Assert.Equal(TagVerdict.Invalid, local.Check(before, ["t"]));
        Assert.Equal(TagVerdict.Valid, local.Check(before, ["other"]));
        Assert.Equal(TagVerdict.Valid, local.Check(local.Now, ["t"]));
    }

    private static TagStamp At(long number) => new("g", number);

    private void Learn(long number) => _clock.Learn(new TagReading(At(number), []), [], _clock.Forgets);
}
