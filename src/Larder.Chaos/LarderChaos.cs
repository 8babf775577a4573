using Larder.Chaos.Faults;
using Larder.Chaos.Options;
using Microsoft.Extensions.Logging;

namespace Larder;

/// <summary>
/// Rules what goes wrong between a cache and its store, while the app runs: get it from the service collection (for a named
/// cache, under its name) and change it between one part of a test and the next. It rules the caches that
/// <see cref="ILarderFactory"/> makes on the same store, too.
/// </summary>
public sealed class LarderChaos
{
    private readonly string _cacheName;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private volatile Dice _dice;
    private long _failures;
    private long _lostMessages;

    internal LarderChaos(string cacheName, LarderChaosOptions options, ILogger log)
    {
        (_cacheName, _log) = (cacheName, log);
        _dice = new Dice(options.Copy());
        Announce();
    }

    /// <summary>Whether anything goes wrong (<see cref="LarderChaosOptions.IsOn"/>).</summary>
    public bool IsOn
    {
        get => Now.IsOn;
        set => Change(options => options.IsOn = value);
    }

    /// <summary>How many operations failed so far.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>How many messages of the feed were lost so far.</summary>
    public long LostMessages => Volatile.Read(ref _lostMessages);

    internal LarderChaosOptions Now => _dice.Options;

    /// <summary>Changes what goes wrong from now on. With another <see cref="LarderChaosOptions.Seed"/>, its decisions begin at the first.</summary>
    /// <param name="change">Sets options; those that it leaves alone stay as they are.</param>
    /// <exception cref="ArgumentException">An option is out of its range; then nothing was changed.</exception>
    public void Change(Action<LarderChaosOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            var options = Now.Copy();
            change(options);
            var checks = LarderChaosOptionsValidator.Check(_cacheName, options);
            if (checks.Failed)
            {
                throw new ArgumentException(checks.FailureMessage, nameof(change));
            }

            var wasOn = IsOn;
            _dice = options.Seed == Now.Seed ? _dice.With(options) : new Dice(options.Copy());
            if (wasOn != IsOn)
            {
                Announce();
            }
        }
    }

    /// <summary>What becomes of the next operation.</summary>
    internal Fate Throw(OperationClass operation)
    {
        var fate = _dice.Throw(operation);
        if (fate.Fails)
        {
            Interlocked.Increment(ref _failures);
        }

        return fate;
    }

    /// <summary>Whether the next message is lost.</summary>
    internal bool LosesMessage() => _dice.LosesMessage();

    internal void CountLost() => Interlocked.Increment(ref _lostMessages);

    private void Announce()
    {
        var cache = _cacheName.Length == 0 ? "The cache" : $"The cache '{_cacheName}'";
        if (IsOn)
        {
            Chaos.Log.IsOn(_log, cache);
        }
        else
        {
            Chaos.Log.IsOff(_log, cache);
        }
    }
}
