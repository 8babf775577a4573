using System.ComponentModel;

namespace Users.Cluster.Processes;

/// <summary>A place in the cluster: its process is started, and started again whenever it ended, unless it was killed from here.</summary>
internal sealed class Member(ProcessPlan plan, Journal journal, TimeProvider time)
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    // Ctrl+C reaches every process of the terminal, and this one's may end before the cluster has heard of it.
    private static readonly TimeSpan Hesitation = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _sync = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ProcessState _state = ProcessState.Starting;
    private TaskCompletionSource? _wanted; // while stopped: completed by StartAgain
    private ChildProcess? _process;

    public ProcessPlan Plan => plan;

    /// <summary>What the process has written lately.</summary>
    public ProcessOutput Output { get; } = new();

    /// <summary>Completes when the process runs for the first time.</summary>
    public Task Ready => _ready.Task;

    /// <summary>What the process does, and its id while there is one.</summary>
    public (ProcessState State, int? ProcessId) Status
    {
        get
        {
            lock (_sync)
            {
                return (_state, _process?.Id);
            }
        }
    }

    /// <summary>Keeps the process running until the cluster stops, and then ends it.</summary>
    /// <param name="stopping">The cluster stops: nothing is started any more.</param>
    /// <param name="ending">Nobody needs the process any more; comes after <paramref name="stopping"/>.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken ending)
    {
        try
        {
            while (true)
            {
                stopping.ThrowIfCancellationRequested();
                await WantedAsync(stopping);
                if (await RunProcessAsync(ending) is { } end)
                {
                    await Task.Delay(Hesitation, time, stopping);
                    if (MoveOn(ProcessState.Restarting))
                    {
                        journal.Write($"{plan.Name} {end}; it starts again in a second.");
                        await Task.Delay(RestartDelay, time, stopping);
                        MoveOn(ProcessState.Starting);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>Kills the process, and leaves it so; returns when it has ended.</summary>
    public async Task KillAsync()
    {
        ChildProcess? process;
        lock (_sync)
        {
            if (_state is ProcessState.Stopped)
            {
                return;
            }

            _state = ProcessState.Stopped;
            _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            process = _process;
            process?.Kill();
        }

        journal.Write($"{plan.Name} was killed.");
        if (process is not null)
        {
            await process.Ended;
        }
    }

    /// <summary>Starts the process again if it was killed.</summary>
    public void StartAgain()
    {
        lock (_sync)
        {
            if (_state is not ProcessState.Stopped)
            {
                return;
            }

            _state = ProcessState.Starting;
            _wanted?.SetResult();
            _wanted = null;
        }

        journal.Write($"{plan.Name} is started again.");
    }

    /// <summary>Kills the process, or starts it again if that was done before.</summary>
    public async Task ToggleAsync()
    {
        if (Status.State is ProcessState.Stopped)
        {
            StartAgain();
        }
        else
        {
            await KillAsync();
        }
    }

    private Task WantedAsync(CancellationToken cancellationToken)
    {
        lock (_sync)
        {
            return _wanted?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }
    }

    /// <summary>Starts the process and waits for its end.</summary>
    /// <returns>How it ended by itself; <see langword="null"/> if that was done to it.</returns>
    /// <exception cref="OperationCanceledException">The cluster ends, and so did the process.</exception>
    private async Task<string?> RunProcessAsync(CancellationToken ending)
    {
        ChildProcess process;
        try
        {
            process = Start();
        }
        catch (Win32Exception failure)
        {
            return $"could not be started ({failure.Message})";
        }

        try
        {
            var listened = await process.ListensAsync(ending);
            if (listened && MoveOn(ProcessState.Running))
            {
                _ready.TrySetResult();
                journal.Write($"{plan.Name} runs at {plan.Address.GetLeftPart(UriPartial.Authority)}.");
            }

            await process.Ended.WaitAsync(ending);
            return process.WasKilled ? null
                : listened ? $"has ended (exit code {process.ExitCode})"
                : $"did not start (exit code {process.ExitCode}: {Output.Lines.LastOrDefault("no output")})";
        }
        catch (OperationCanceledException)
        {
            await process.EndAsync(Patience);
            throw;
        }
        finally
        {
            lock (_sync)
            {
                _process = null;
            }

            process.Dispose();
        }
    }

    private ChildProcess Start()
    {
        // Under the lock, so that whoever kills it meanwhile finds it.
        lock (_sync)
        {
            _process = ChildProcess.Start(plan, Output, time);
            if (_state is ProcessState.Stopped)
            {
                _process.Kill();
            }

            return _process;
        }
    }

    /// <summary>Enters a state, unless the process was killed from here.</summary>
    private bool MoveOn(ProcessState next)
    {
        lock (_sync)
        {
            if (_state is ProcessState.Stopped)
            {
                return false;
            }

            _state = next;
            return true;
        }
    }
}
