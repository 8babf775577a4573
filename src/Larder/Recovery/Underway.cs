namespace Larder.Recovery;

/// <summary>
/// The removals and expiries of keys that this node makes in the background: their callers have gone on, and L2 does not have them
/// yet. Those of one key are sent one after another, in the order of their calls; this node's reads of L2 wait for them.
/// </summary>
internal sealed class Underway
{
    /// <summary>How many keys. Past it a call waits, as one in the foreground does.</summary>
    public const int Limit = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private long _lastOrder;
    private int _count;

    /// <summary>How many keys are on their way, one that was changed twice counting twice.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes an invalidation in, if there is room. <see cref="Start"/> sends it.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="isExpiry">Whether it leaves something for fail-safe: such a one does not stand for what came before it.</param>
    /// <param name="obey">
    /// Bumps the fences: a load that began after it finds the key on its way.
    /// </param>
    public Change? TryBegin(string[] keys, bool isExpiry, Action obey)
    {
        lock (_gate)
        {
            if (_count + keys.Length > Limit)
            {
                return null;
            }

            var change = new Change(keys, isExpiry, ++_lastOrder);
            Volatile.Write(ref _count, _count + keys.Length);
            foreach (var key in keys)
            {
                _places.TryGetValue(key, out var place);
                if (place.Last is { } earlier)
                {
                    change.Earlier.Add(earlier.Arrival_NeedsLock());
                }

                _places[key] = new Place(change, isExpiry ? place.ReplacedBy : change.Order);
            }

            obey();
            return change;
        }
    }

    /// <summary>Sends an invalidation when those of its keys that were begun earlier have arrived.</summary>
    /// <param name="change">The invalidation.</param>
    /// <param name="send">Sends it. What it throws concerns nobody.</param>
    public void Start(Change change, Func<Task> send) => _ = RunAsync(change, send);

    /// <summary>The end of what is on its way for a key, arrived or not; <see langword="null"/> if nothing is.</summary>
    public Task? On(string key)
    {
        // Nearly always: whoever reads L2 pays for no more than this.
        if (Count == 0)
        {
            return null;
        }

        lock (_gate)
        {
            return _places.TryGetValue(key, out var place) ? place.Last.Arrival_NeedsLock() : null;
        }
    }

    /// <summary>Whether something is on its way for a key.</summary>
    public bool Covers(string key)
    {
        lock (_gate)
        {
            return _places.ContainsKey(key);
        }
    }

    /// <summary>The end of everything that is on its way now.</summary>
    public Task All()
    {
        lock (_gate)
        {
            return Task.WhenAll(_places.Values.Select(static place => place.Last.Arrival_NeedsLock()).ToArray());
        }
    }

    private async Task RunAsync(Change change, Func<Task> send)
    {
        try
        {
            foreach (var earlier in change.Earlier)
            {
                await earlier.ConfigureAwait(false);
            }

            if (!IsReplaced(change))
            {
                await send().ConfigureAwait(false);
            }
        }
        finally
        {
            End(change);
        }
    }

    // While a slow L2 takes one of them, many of the same key may have come: the last stands for all.
    private bool IsReplaced(Change change)
    {
        lock (_gate)
        {
            return Array.TrueForAll(change.Keys, key =>
                _places[key].ReplacedBy > change.Order || (change.IsExpiry && _places[key].Last.Order > change.Order));
        }
    }

    private void End(Change change)
    {
        lock (_gate)
        {
            Volatile.Write(ref _count, _count - change.Keys.Length);
            foreach (var key in change.Keys)
            {
                if (ReferenceEquals(_places[key].Last, change))
                {
                    _places.Remove(key);
                }
            }
        }

        change.Arrive();
    }

    /// <summary>One invalidation.</summary>
    internal sealed class Change(string[] keys, bool isExpiry, long order)
    {
        private readonly List<TaskCompletionSource> _waiting = [];

        public string[] Keys => keys;

        public bool IsExpiry => isExpiry;

        public long Order => order;

        /// <summary>Those that are to arrive first.</summary>
        public List<Task> Earlier { get; } = [];

        /// <summary>Its end, for one who waits.</summary>
        public Task Arrival_NeedsLock()
        {
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(waiter);
            return waiter.Task;
        }

        /// <summary>Lets everybody go on, when nobody can come to wait any more.</summary>
        public void Arrive() => _waiting.ForEach(static waiter => waiter.TrySetResult());
    }

    /// <param name="Last">The last invalidation of the key.</param>
    /// <param name="ReplacedBy">The order of the last one that leaves nothing of what was there before.</param>
    private readonly record struct Place(Change Last, long ReplacedBy);
}
