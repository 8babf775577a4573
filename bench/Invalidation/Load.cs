using System.Collections.Concurrent;
using System.Diagnostics;

namespace Invalidation;

/// <summary>One node removes keys at a steady pace, and a thread looks when the others have lost their copies.</summary>
internal static class Load
{
    public const int Nodes = 3;
    public const int PerSecond = 1_000;
    public const int Seconds = 10;

    private const int WarmUp = 1_000;

    /// <returns>The delays in ms, one for each removal and each other node.</returns>
    public static async Task<double[]> RunAsync(ICacheNode[] nodes)
    {
        var keys = Enumerable.Range(0, WarmUp + (PerSecond * Seconds)).Select(number => $"key:{number}").ToArray();
        foreach (var node in nodes)
        {
            await node.ReadyAsync();
        }

        foreach (var node in nodes)
        {
            foreach (var key in keys)
            {
                await node.LoadAsync(key);
            }

            // What it has published shall have arrived before the next one keeps copies.
            await Task.Delay(TimeSpan.FromSeconds(2));
        }

        if (keys.Any(key => nodes.Any(node => !node.HasCopy(key))))
        {
            throw new InvalidOperationException("A node lacks a copy before it begins.");
        }

        var watch = new Watch(nodes[1..]);
        await RemoveAsync(nodes[0], keys[..WarmUp], watch);
        watch.Forget();
        await RemoveAsync(nodes[0], keys[WarmUp..], watch);
        return watch.Stop();
    }

    private static async Task RemoveAsync(ICacheNode node, string[] keys, Watch watch)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < keys.Length; i++)
        {
            var due = start + (i * Stopwatch.Frequency / PerSecond);
            while (Stopwatch.GetTimestamp() < due)
            {
                await Task.Yield();
            }

            await node.RemoveAsync(keys[i]);
            watch.Add(keys[i]);
        }

        await watch.IsEmptyAsync();
    }

    /// <summary>Looks at what is still there, as often as it can.</summary>
    private sealed class Watch
    {
        private readonly ConcurrentQueue<(string Key, long At)> _added = new();
        private readonly ICacheNode[] _nodes;
        private readonly Thread _thread;
        private List<double> _delays = [];
        private volatile bool _isStopped;
        private int _waiting;

        public Watch(ICacheNode[] nodes)
        {
            _nodes = nodes;
            _thread = new Thread(Run);
            _thread.Start();
        }

        public void Add(string key)
        {
            Interlocked.Increment(ref _waiting);
            _added.Enqueue((key, Stopwatch.GetTimestamp()));
        }

        public async Task IsEmptyAsync()
        {
            while (Volatile.Read(ref _waiting) != 0)
            {
                await Task.Delay(1);
            }
        }

        public void Forget() => _delays = [];

        public double[] Stop()
        {
            _isStopped = true;
            _thread.Join();
            return [.. _delays];
        }

        private void Run()
        {
            var waiting = new List<(string Key, long At, ICacheNode Node)>();
            while (!_isStopped)
            {
                while (_added.TryDequeue(out var added))
                {
                    waiting.AddRange(_nodes.Select(node => (added.Key, added.At, node)));
                }

                for (var i = waiting.Count - 1; i >= 0; i--)
                {
                    var (key, at, node) = waiting[i];
                    if (!node.HasCopy(key))
                    {
                        _delays.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                        waiting.RemoveAt(i);
                        if (!waiting.Exists(other => other.Key == key))
                        {
                            Interlocked.Decrement(ref _waiting);
                        }
                    }
                }

                Thread.Yield();
            }
        }
    }
}
