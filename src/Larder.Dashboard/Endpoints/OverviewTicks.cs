using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Larder.Dashboard.Api;
using Larder.Inspection;
using Microsoft.Extensions.Logging;

namespace Larder.Dashboard.Endpoints;

/// <summary>Asks the nodes each second while somebody watches, once for all who do.</summary>
internal sealed class OverviewTicks(CacheInspector inspector, TimeSpan answerTimeout, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<Channel<Overview>> _watchers = [];
    private bool _isRunning;

    /// <summary>The overviews from now on; a watcher that is slow gets the latest.</summary>
    public async IAsyncEnumerable<Overview> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watcher = Channel.CreateBounded<Overview>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Join(watcher);
        try
        {
            await foreach (var overview in watcher.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return overview;
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(watcher);
            }
        }
    }

    private void Join(Channel<Overview> watcher)
    {
        lock (_gate)
        {
            _watchers.Add(watcher);
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(RunAsync);
            }
        }
    }

    private async Task RunAsync()
    {
        NodeAnswers<NodeReport>? before = null;
        var asked = time.GetTimestamp();
        using var timer = new PeriodicTimer(Period, time);
        while (IsWatched())
        {
            try
            {
                var last = asked;
                asked = time.GetTimestamp();
                var answers = await inspector.ReportsAsync(answerTimeout, CancellationToken.None).ConfigureAwait(false);
                var overview = OverviewOf.Answers(answers, time.GetUtcNow());
                Publish(before is null
                    ? overview
                    : overview with { Interval = Intervals.Between(before, answers, overview.At, time.GetElapsedTime(last, asked)) });
                before = answers;
            }
            catch (Exception fault)
            {
                Log.Failed(log, "overview/live", fault);
            }

            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }

    private bool IsWatched()
    {
        lock (_gate)
        {
            return _isRunning = _watchers.Count > 0;
        }
    }

    private void Publish(Overview overview)
    {
        lock (_gate)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(overview);
            }
        }
    }
}
