using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Larder;
using Larder.Local;
using Larder.Reads;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHit;

/// <summary>
/// A hit that asks only whether the entry has expired, and the hit that Larder makes, which asks the trust, the epoch and the
/// tag clock as well. The fence costs a hit nothing: it is compared when something is stored.
/// </summary>
[MemoryDiagnoser]
public class ChecksBenchmark
{
    private const string Key = "user:42";

    private ServiceProvider _services = null!;
    private LarderCache _cache = null!;
    private CacheNode _node = null!;
    private LocalReads _reads = null!;

    /// <summary>How many tags the entry has.</summary>
    [Params(0, 2)]
    public int Tags { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
        _cache = _services.GetRequiredService<LarderCache>();
        _node = _cache.Node;
        _reads = new LocalReads(_node);
        string[] tags = ["one", "two"];
        _cache.SetAsync(Key, "value", tags: tags[..Tags]).AsTask().Wait();
    }

    [GlobalCleanup]
    public void Cleanup() => _services.Dispose();

    [Benchmark(Baseline = true)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public string? Unchecked()
    {
        var now = _node.Clock.Now;
        return _node.Local.Local.TryGet(Key, out var entry) && now < entry.ExpiresAt && _reads.TryTake((CachedEntry)entry, now, out string value)
            ? value
            : null;
    }

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public string? Checked()
    {
        var now = _node.Clock.Now;
        return _reads.Find(Key, now) is { } entry && _reads.TryTake(entry, now, out string value) ? value : null;
    }

    /// <summary>The whole call, with the checks of its arguments.</summary>
    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> GetOrCreate() => _cache.GetOrCreateAsync(Key, 0, static (_, _) => ValueTask.FromResult("made"));
}
