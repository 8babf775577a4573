using System.Globalization;
using Larder.Diagnostics;
using Larder.Payloads;
using Larder.Schedules.Control;
using Larder.Stores;
using Larder.Testing.Memory;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Larder.Schedules.Scenario;

/// <summary>
/// One schedule: two nodes over one server, a writer, a second one that removes, a few readers, sometimes a lost
/// connection, a caller who leaves, and time that goes by. The seed decides what they do and in which order.
/// </summary>
internal sealed class Schedule : IDisposable
{
    private static readonly string[] Names = ["a", "b"];
    private static readonly IServiceProvider Services = new ServiceCollection().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new();

    // Not shared: what it converts at its first use would make the first schedule differ from the others.
    private readonly LarderEntryOptions _readStoreOnly = new()
    {
        Flags = HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableUnderlyingData,
    };

    // Kept past their expiration, or not: no factory fails here, so what was expired must not be read either.
    private readonly LarderEntryOptions _options;

    private readonly Dictionary<string, LarderCache> _caches = [];
    private readonly Dictionary<string, ControlledStore> _stores = [];
    private readonly List<CancellationTokenSource> _callers = [];
    private readonly bool _invalidatesInBackground;
    private readonly Random _random;
    private readonly Scheduler _scheduler;
    private readonly Ledger _ledger;
    private readonly string[] _keys;
    private readonly string[]? _tags;
    private int _running;
    private int _reads;
    private int _idle;

    public Schedule(int seed, List<string>? trace)
    {
        _random = new Random(seed);
        _keys = _random.Next(3) == 0 ? ["k", "j"] : ["k"];
        _tags = _random.Next(2) == 0 ? ["t"] : null;
        _options = new LarderEntryOptions
        {
            FailSafe = _random.Next(2) == 0 ? new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1) } : null,
            CommitInBackground = _random.Next(2) == 0,
        };
        _invalidatesInBackground = _random.Next(2) == 0;
        _scheduler = new Scheduler(Strategy.Of(seed)) { Trace = trace, WhenIdle = LetTimePass };
        _ledger = new Ledger(Names, _keys, node => _stores[node].Feed, _time);
        var server = new MemoryServer(_time);
        foreach (var name in Names)
        {
            AddNode(server, name);
        }
    }

    public string? Violation => _ledger.Violation;

    public int Reads => _reads;

    public Scheduler Scheduler => _scheduler;

    public void Run()
    {
        Prepare();
        Spawn("writer", WriteAsync);
        for (var i = _random.Next(2, 5); i > 0; i--)
        {
            var (node, key, times, leaves) = (Any(Names), Any(_keys), _random.Next(1, 3), _random.Next(5) == 0);
            var isByStore = _random.Next(4) == 0;
            Spawn($"reader {i} on {node}", () => isByStore ? ReadStoreAsync(node, key, times) : ReadAsync(node, key, times, leaves));
        }

        if (_random.Next(3) == 0)
        {
            var (node, key) = (Any(Names), Any(_keys));
            Spawn($"remover on {node}", async () => await _caches[node].RemoveAsync(key).ConfigureAwait(false));
        }

        if (_random.Next(3) == 0)
        {
            var (node, steps) = (Any(Names), _random.Next(100));
            _scheduler.Spawn($"network of {node}", () => _stores[node].Feed.Cut(_scheduler, steps));
        }

        for (var i = _random.Next(3); i > 0; i--)
        {
            var seconds = _random.Next(2) == 0 ? 6 : 1;
            _scheduler.Spawn("time", () => Pass(TimeSpan.FromSeconds(seconds)));
        }

        _scheduler.Run();
        CheckEnd();
    }

    public void Dispose()
    {
        foreach (var cache in _caches.Values)
        {
            cache.Dispose();
        }

        _callers.ForEach(caller => caller.Dispose());
        _scheduler.Dispose();
    }

    private void AddNode(MemoryServer server, string name)
    {
        var options = new LarderOptions
        {
            NodeName = name,
            StoreTimeout = TimeSpan.FromMinutes(10),
            DefaultEntryOptions = new() { InvalidateInBackground = _invalidatesInBackground },
        };
        _stores[name] = new ControlledStore(
            new MemoryStore(server, new StoreContext
            {
                CacheName = "",
                KeyPrefix = "",
                NodeId = name,
                TimeProvider = _time,
                LoggerFactory = NullLoggerFactory.Instance,
            }),
            name);
        var node = new CacheNode(
            options, name, _stores[name], new PayloadSerializers(Services, ""), new Telemetry("", _time), _time, NullLogger.Instance);
        _caches[name] = new LarderCache("", node);
        _caches[name].Ready.Wait();
    }

    // Some have copies, some begin with nothing.
    private void Prepare()
    {
        foreach (var node in Names)
        {
            if (_random.Next(2) == 0)
            {
                Get(node, "k", default).AsTask().Wait();
            }
        }
    }

    private void Spawn(string name, Func<Task> body)
    {
        _running++;
        _scheduler.Spawn(name, () => _ = RunAsync());

        async Task RunAsync()
        {
            try
            {
                await body().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // A caller who left.
            }
            catch (Exception fault)
            {
                _ledger.Fail($"{name} failed: {fault}");
            }

            Scheduler.Say($"{name} is done");
            _running--;
        }
    }

    private async Task WriteAsync()
    {
        for (var i = _random.Next(1, 3); i > 0; i--)
        {
            var (node, key, kind) = (Any(Names), Any(_keys), _random.Next(_tags is null ? 3 : 4));
            var cache = _caches[node];
            Scheduler.Point($"writes {key}");
            switch (kind)
            {
                case 0:
                    var removed = _ledger.Change(key);
                    await cache.RemoveAsync(key).ConfigureAwait(false);
                    Complete(node, key, removed);
                    break;
                case 1:
                    var version = _ledger.Change(key);
                    await cache.SetAsync(key, Text(version), _options, _tags).ConfigureAwait(false);
                    _ledger.Complete(node, new() { [key] = version }, isInStore: true);
                    break;
                default:
                    var changed = _keys.ToDictionary(one => one, _ledger.Change);
                    var tag = kind == 2 ? "*" : "t";
                    if (_random.Next(2) == 0)
                    {
                        await cache.RemoveByTagAsync(tag).ConfigureAwait(false);
                    }
                    else
                    {
                        await cache.ExpireByTagAsync(tag).ConfigureAwait(false);
                    }

                    _ledger.Complete(node, changed, isInStore: false);
                    break;
            }

            Scheduler.Say($"completed a write on {node}");
        }
    }

    private void Complete(string node, string key, int version)
    {
        _ledger.Obey(node, key, version);
        if (_caches[node].Node.Underway.On(key) is not { } arrival)
        {
            _ledger.Complete(node, new() { [key] = version }, isInStore: true);
            return;
        }

        _ = ArriveAsync();

        async Task ArriveAsync()
        {
            await arrival.ConfigureAwait(false);
            Scheduler.Say($"{key} of {node} has arrived: {version}");
            _ledger.Complete(node, new() { [key] = version }, isInStore: true);
        }
    }

    private async Task ReadAsync(string node, string key, int times, bool leaves)
    {
        var leaving = new CancellationTokenSource();
        _callers.Add(leaving);
        for (var i = 0; i < times; i++)
        {
            var owed = _ledger.Owed(node, key, byStore: false);
            Scheduler.Say($"reads {key}, is owed {owed}");
            if (leaves && i == times - 1)
            {
                _scheduler.Spawn("a caller leaves", leaving.Cancel);
            }

            var value = await Get(node, key, leaving.Token).ConfigureAwait(false);
            Scheduler.Say($"got {value}");
            _reads++;
            _ledger.Check($"A read of {key} on {node}", value, owed);
        }
    }

    private async Task ReadStoreAsync(string node, string key, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Scheduler.Point($"reads {key} in L2");
            var owed = _ledger.Owed(node, key, byStore: true);
            var value = await _caches[node].GetOrCreateAsync<string?>(
                key, static _ => throw new InvalidOperationException("Not to be called."), _readStoreOnly).ConfigureAwait(false);
            Scheduler.Say($"got {value ?? "nothing"} of L2");
            _reads++;
            _ledger.Check($"A read of {key} in L2 by {node}", value, owed);
        }
    }

    private ValueTask<string> Get(string node, string key, CancellationToken cancellationToken) =>
        _caches[node].GetOrCreateAsync(key, _ => MakeAsync(key), _options, _tags, cancellationToken);

    // The row is read at one moment and arrives at another.
    private async ValueTask<string> MakeAsync(string key)
    {
        Scheduler.Point("factory");
        var row = Text(_ledger.Row(key));
        Scheduler.Say($"reads row {key}: {row}");
        if (Scheduler.Running is { } scheduler)
        {
            var arrival = new System.Threading.Tasks.TaskCompletionSource();
            scheduler.Spawn($"row {key}", arrival.SetResult);
            await arrival.Task.ConfigureAwait(false);
        }

        return row;
    }

    private void Pass(TimeSpan time)
    {
        Scheduler.Say($"{time.TotalSeconds} s pass");
        _time.Advance(time);
    }

    // Nothing can happen but time.
    private void LetTimePass()
    {
        if (_running > 0 && _idle++ < 100)
        {
            _scheduler.Spawn("time", () => Pass(TimeSpan.FromSeconds(0.5)));
        }
    }

    private void CheckEnd()
    {
        if (_running > 0)
        {
            _ledger.Fail($"{_running} calls did not end");
            return;
        }

        // Until the feed is listened to again, wherever it was lost.
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        foreach (var (node, key) in Names.SelectMany(_ => _keys, (node, key) => (node, key)))
        {
            var read = Get(node, key, default).AsTask();
            for (var i = 0; i < 100 && !read.IsCompleted; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(0.5));
            }

            if (!read.IsCompleted)
            {
                _ledger.Fail($"The last read of {key} on {node} did not end");
                return;
            }

            _ledger.Check($"The last read of {key} on {node}", read.Result, _ledger.Row(key));
        }
    }

    private T Any<T>(T[] of) => of[_random.Next(of.Length)];

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}
