using System.Buffers;
using System.Text;
using Larder.Overflow;
using Larder.Testing;
using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Larder.Tests.Overflow;

/// <summary>A cache in memory with an overflow in a directory of its own, that is gone in the end.</summary>
internal sealed class OverflowNode : IAsyncDisposable
{
    private readonly string _directory = System.IO.Directory.CreateTempSubdirectory("larder-overflow-tests-").FullName;
    private readonly ServiceProvider _services;

    public OverflowNode(Action<LarderOptions>? configure = null, Action<ILarderBuilder>? build = null, string name = "cache")
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Time).AddSingleton<IHybridCacheSerializer<Note>>(Serializer)
            .AddLogging(logging => logging.AddProvider(Log));
        var builder = services.AddLarder(name, options =>
        {
            options.Local.Overflow.Directory = Directory;
            configure?.Invoke(options);
        });
        build?.Invoke(builder);
        _services = services.BuildServiceProvider();
        Cache = _services.GetRequiredKeyedService<LarderCache>(name);
    }

    public FakeTimeProvider Time { get; } = new();

    public RecordedLog Log { get; } = new();

    public NoteSerializer Serializer { get; } = new();

    public string Directory => Path.Combine(_directory, "files");

    public LarderCache Cache { get; }

    public OverflowLevel Level => Cache.Node.Overflow!;

    public bool IsInL1(string key) => Cache.Node.Local.Local.TryPeek(key, out _);

    public ValueTask SetAsync(string key, string text) => Cache.SetAsync(key, new Note(text), tags: [InvalidationKinds.Tag]);

    /// <summary>Sets a value that then is on the disk, and not in L1.</summary>
    public async Task SetOnDiskAsync(string key, string text)
    {
        await SetAsync(key, text);
        await EvictAsync();
    }

    /// <summary>L1 evicts all that it has.</summary>
    public void Evict() => Cache.Node.Local.Local.Trim(0, int.MaxValue);

    /// <summary>The same, and all is written.</summary>
    public async Task EvictAsync()
    {
        Evict();
        await IsWrittenAsync();
    }

    public Task IsWrittenAsync() => Eventually.TrueAsync(() => Level.Waiting == 0);

    public async Task<string> GetAsync(string key, string made = "made") =>
        (await Cache.GetOrCreateAsync(key, made, static (made, _) => new ValueTask<Note>(new Note(made)), cancellationToken: default)).Text;

    public async Task<string?> PeekAsync(string key) => (await Cache.TryGetAsync<Note>(key)).Value?.Text;

    /// <summary>The sum of the files in the directory.</summary>
    public long BytesOfFiles() => new DirectoryInfo(Directory).EnumerateFiles().Sum(static file => file.Length);

    public async ValueTask DisposeAsync()
    {
        Serializer.Open();
        await _services.DisposeAsync();
        System.IO.Directory.Delete(_directory, recursive: true);
    }
}

/// <summary>A value that hits share: L1 serializes it only where it goes to the disk.</summary>
internal sealed record Note(string Text);

/// <summary>Can be held while it works, on whatever thread it does.</summary>
internal sealed class NoteSerializer : IHybridCacheSerializer<Note>
{
    /// <summary>What is not to be serialized.</summary>
    public const string Unserializable = "unserializable";

    /// <summary>Passed by each value that is serialized.</summary>
    public Gate? Writing { get; set; }

    /// <summary>Passed by each value that was deserialized.</summary>
    public Gate? Reading { get; set; }

    public void Open()
    {
        Writing?.Open();
        Reading?.Open();
    }

    public Note Deserialize(ReadOnlySequence<byte> source)
    {
        Reading?.PassAsync().GetAwaiter().GetResult();
        return new(Encoding.UTF8.GetString(source));
    }

    public void Serialize(Note value, IBufferWriter<byte> target)
    {
        Writing?.PassAsync().GetAwaiter().GetResult();
        if (value.Text == Unserializable)
        {
            throw new NotSupportedException("It is unserializable.");
        }

        Encoding.UTF8.GetBytes(value.Text, target);
    }
}
