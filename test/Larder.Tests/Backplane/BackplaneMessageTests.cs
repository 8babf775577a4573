using Larder.Backplane;
using Larder.Stores;
using Xunit;

namespace Larder.Tests.Backplane;

/// <summary>What goes over a backplane.</summary>
public sealed class BackplaneMessageTests
{
    [Fact]
    public void TryRead_WhatWasWritten_IsTheSame()
    {
        var written = new BackplaneMessage("node.1", FeedChange.Tag, new TagStamp("g", 7), ["a", "ключ", "*"]).Write();

        Assert.True(BackplaneMessage.TryRead(written, out var read));

        Assert.Equal(("node.1", FeedChange.Tag, new TagStamp("g", 7)), (read.Publisher, read.Change, read.Stamp));
        Assert.Equal(["a", "ключ", "*"], read.Subjects);
    }

    [Fact]
    public void TryRead_AnyByteChangedOrCutOff_IsNone()
    {
        var written = new BackplaneMessage("node.1", FeedChange.Remove, default, ["key"]).Write().ToArray();
        for (var i = 0; i < written.Length; i++)
        {
            byte[] changed = [.. written];
            changed[i] ^= 0x41;

            Assert.False(BackplaneMessage.TryRead(changed, out _), $"byte {i}");
            Assert.False(BackplaneMessage.TryRead(written.AsMemory(0, i), out _), $"{i} bytes");
        }
    }

    [Fact]
    public void Split_ManyKeys_EachMessageIsShortAndNoKeyIsMissing()
    {
        string[] keys = [.. Enumerable.Range(0, 1000).Select(i => $"{i}:{new string('ü', i % 200)}"), new string('x', 10_000), "last"];

        var messages = new BackplaneMessage("node.1", FeedChange.Set, default, keys).Split().ToArray();

        Assert.Equal(keys, messages.SelectMany(message => message.Subjects));
        Assert.All(messages.Where(message => message.Subjects.Count > 1), message => Assert.InRange(message.Write().Length, 1, BackplaneMessage.MaximumBytes));
        Assert.InRange(messages.Length, 2, 100);
    }

    [Fact]
    public void Split_NoKeys_NoMessage() => Assert.Empty(new BackplaneMessage("node.1", FeedChange.Commit, default, []).Split());
}
