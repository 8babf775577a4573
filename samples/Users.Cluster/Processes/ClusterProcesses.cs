namespace Users.Cluster.Processes;

/// <summary>All processes of the cluster: started when the load balancer listens, ended when it has stopped.</summary>
internal sealed class ClusterProcesses : IHostedLifecycleService, IDisposable
{
    // App servers work without a store; one that is slow to start must not keep them waiting for ever.
    private static readonly TimeSpan StoreStart = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly TimeProvider _time;
    private readonly Journal _journal;
    private readonly Member? _store;
    private Task _running = Task.CompletedTask;

    public ClusterProcesses(ClusterPlan plan, ClusterOptions options, Journal journal, TimeProvider time)
    {
        (_journal, _time) = (journal, time);
        Options = options;
        _store = plan.Store is null ? null : Place(plan.Store);
        Nodes = [.. plan.Nodes.Select(Place)];
        Members = [Place(plan.Origin), .. _store is null ? [] : new[] { _store }, .. Nodes];

        Member Place(ProcessPlan process) => new(process, journal, time);
    }

    /// <summary>What was asked for.</summary>
    public ClusterOptions Options { get; }

    /// <summary>All processes, in the order in which they are shown.</summary>
    public IReadOnlyList<Member> Members { get; }

    /// <summary>The app servers among them.</summary>
    public IReadOnlyList<Member> Nodes { get; }

    /// <summary>Completes when each of them has run.</summary>
    public Task Ready => Task.WhenAll(Members.Select(member => member.Ready));

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _running = RunAsync();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _ending.CancelAsync();
        await _running;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        List<Task> runs = [];
        if (_store is not null)
        {
            // First, or the log of each app server begins with a warning.
            runs.Add(Run(_store));
            await _store.Ready.WaitAsync(StoreStart, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        runs.AddRange(Members.Where(member => member != _store).Select(Run));
        await Task.WhenAll(runs);

        Task Run(Member member) => member.RunAsync(_stopping.Token, _ending.Token);
    }
}
