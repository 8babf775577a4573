using System.Text;
using Larder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Larder.Tests.Overflow;

/// <summary>The files: their bound, what is in them, and what becomes of them.</summary>
public sealed class OverflowDiskTests
{
    private const int Smallest = 1 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_MoreThanTheBound_TheBoundHoldsAndTheOldestIsGone()
    {
        await using var node = new OverflowNode(static options => options.Local.Overflow.MaximumBytes = Smallest);
        for (var i = 0; i < 300; i++)
        {
            await node.SetOnDiskAsync($"k{i}", $"{i}:" + new string('x', 10_000));
            Assert.InRange(node.BytesOfFiles(), 1, Smallest);
            Assert.Equal(node.BytesOfFiles(), node.Level.Bytes);
        }

        Assert.InRange(node.Level.Count, 80, 110);
        Assert.Null(await node.PeekAsync("k0"));
        Assert.StartsWith("299:", await node.PeekAsync("k299"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_MoreEntriesThanTheBound_TheBoundHoldsAndTheOldestAreGone()
    {
        await using var node = new OverflowNode(static options => options.Local.Overflow.MaximumEntries = 1_000);
        for (var i = 0; i < 50; i++)
        {
            var part = Enumerable.Range(100 * i, 100).Select(static number => KeyValuePair.Create($"k{number}", new Note($"{number}")));
            await node.Cache.SetManyAsync(part, cancellationToken: Cancel);
            await node.EvictAsync();
            Assert.InRange(node.Level.Count, 1, 1_000);
        }

        Assert.InRange(node.Level.Count, 930, 1_000);
        Assert.Null(await node.PeekAsync("k0"));
        Assert.Equal("4999", await node.PeekAsync("k4999"));
    }

    [Fact]
    public async Task Write_LargerThanASixteenth_IsLeftOut()
    {
        await using var node = new OverflowNode(static options => options.Local.Overflow.MaximumBytes = Smallest);
        await node.SetOnDiskAsync("fits", new string('x', (Smallest / 16) - 8));
        await node.SetOnDiskAsync("large", new string('x', (Smallest / 16) - 7));

        Assert.NotNull(await node.PeekAsync("fits"));
        Assert.Null(await node.PeekAsync("large"));
    }

    [Fact]
    public async Task Evict_QueueIsFull_IsDropped()
    {
        await using var node = new OverflowNode(static options => options.Local.MaximumBytes = 16 << 20);
        var options = new LarderEntryOptions { LocalSize = 600_000 };
        var gate = node.Serializer.Writing = new Gate();
        foreach (var key in (string[])["first", "second"])
        {
            await node.Cache.SetAsync(key, new Note(key), options, cancellationToken: Cancel);
            node.Evict();
            await gate.Reached;
        }

        gate.Open();
        await node.IsWrittenAsync();

        Assert.Equal("first", await node.PeekAsync("first"));
        Assert.Null(await node.PeekAsync("second"));
        await node.Cache.SetAsync("third", new Note("third"), options, cancellationToken: Cancel);
        await node.EvictAsync();
        Assert.Equal("third", await node.PeekAsync("third"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task Get_FileIsDamaged_IsAMissThatIsLogged(int at)
    {
        await using var node = new OverflowNode();
        await node.SetOnDiskAsync("k", "it was written");
        RandomAccess.Write(node.Level.Segments.Single().Handle, "!"u8, at);

        Assert.Equal("made", await node.GetAsync("k"));

        Assert.Contains(node.Log.Warnings, static text => text.Contains("not what was written", StringComparison.Ordinal));
        Assert.Equal("made", await node.GetAsync("k", "never"));
    }

    [Fact]
    public async Task Get_FileIsCutOff_IsAMiss()
    {
        await using var node = new OverflowNode();
        await node.SetOnDiskAsync("k", "it was written");
        RandomAccess.SetLength(node.Level.Segments.Single().Handle, 5);

        Assert.Equal("made", await node.GetAsync("k"));
    }

    [Fact]
    public async Task Write_Fails_TheOverflowIsOffForAMinuteWithOneWarning()
    {
        await using var node = new OverflowNode(static options => options.Local.Overflow.MaximumBytes = Smallest);
        Directory.Delete(node.Directory, recursive: true);
        for (var i = 0; i < 10; i++)
        {
            await node.SetOnDiskAsync($"k{i}", "old");
            Assert.Equal("made", await node.GetAsync($"k{i}"));
        }

        Assert.Single(node.Log.Warnings, static text => text.Contains("is off for 00:01:00", StringComparison.Ordinal));

        Directory.CreateDirectory(node.Directory);
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await node.SetOnDiskAsync("k", "new");

        Assert.Equal("new", await node.PeekAsync("k"));
        Assert.Single(node.Log.Lines, static text => text.Contains("is written again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_DirectoryCannotBeMade_SaysWhichAndWhy()
    {
        var file = Path.GetTempFileName();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLarder(options => options.Local.Overflow.Directory = Path.Combine(file, "below"));
        using var host = builder.Build();
        try
        {
            var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel));

            Assert.Contains(
                $"The setting Larder:Local:Overflow:Directory was '{Path.Combine(file, "below")}'; it may be a directory that this process can make and write to",
                fault.Message,
                StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Start_LeftoversOfTheDead_AreDeletedAndNothingElseIs()
    {
        await using var living = new OverflowNode();
        await living.SetOnDiskAsync("k", "old");
        var file = living.Level.Segments.Single().Path;
        string[] others = ["larder.txt", "larder-notes.overflow.bak", "else.overflow"];
        foreach (var other in others)
        {
            await File.WriteAllTextAsync(Path.Combine(living.Directory, other), "mine", Cancel);
        }

        var leftover = Path.Combine(living.Directory, "larder-cache-1-00000000-1.overflow");
        await File.WriteAllTextAsync(leftover, "of a dead process", Cancel);

        await using var second = new OverflowNode(options => options.Local.Overflow.Directory = living.Directory);
        await second.SetOnDiskAsync("k", "second");

        Assert.False(File.Exists(leftover));
        Assert.All(others, other => Assert.True(File.Exists(Path.Combine(living.Directory, other))));
        Assert.True(File.Exists(file));
        Assert.Equal("old", await living.PeekAsync("k"));
        Assert.Equal("second", await second.PeekAsync("k"));
    }

    [Fact]
    public async Task Dispose_Written_TheFilesAreGone()
    {
        var parent = Directory.CreateTempSubdirectory("larder-overflow-tests-");
        await using (var node = new OverflowNode(options => options.Local.Overflow.Directory = parent.FullName))
        {
            await node.SetOnDiskAsync("k", "old");
            Assert.Single(parent.EnumerateFiles());
        }

        Assert.Empty(parent.EnumerateFiles());
        parent.Delete();
    }

    [Fact]
    public async Task Files_OnUnix_AreTheUsersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such modes on Windows.");
        await using var node = new OverflowNode();
        await node.SetOnDiskAsync("k", "old");

#pragma warning disable CA1416 // It is not Windows.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(node.Level.Segments.Single().Path));
#pragma warning restore CA1416
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_EncryptedCache_HaveNoPlainText(bool isEncrypted)
    {
        await using var node = new OverflowNode(build: builder =>
        {
            if (isEncrypted)
            {
                builder.UseEncryption(static options => options.Keys["1"] = Convert.ToBase64String(new byte[32]));
            }
        });
        await node.SetOnDiskAsync("k", "a secret");

        var segment = node.Level.Segments.Single();
        var bytes = new byte[segment.Length];
        RandomAccess.Read(segment.Handle, bytes, 0);

        Assert.Equal(!isEncrypted, Encoding.UTF8.GetString(bytes).Contains("secret", StringComparison.Ordinal));
        Assert.Equal("a secret", await node.PeekAsync("k"));
    }

    [Fact]
    public async Task Off_NoDirectory_ThereIsNothingOfIt()
    {
        await using var services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();

        Assert.Null(services.GetRequiredService<LarderCache>().Node.Overflow);
    }
}
