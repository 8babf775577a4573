namespace Larder.Chaos.Faults;

/// <summary>Decides by chance, and repeatably if there is a seed. Each decision takes the same number of throws, whatever it is.</summary>
internal sealed class Dice
{
    private readonly Random _random;
    private readonly Lock _gate;

    public Dice(LarderChaosOptions options)
        : this(options, options.Seed is { } seed ? new Random(seed) : new Random(), new Lock())
    {
    }

    private Dice(LarderChaosOptions options, Random random, Lock gate) => (Options, _random, _gate) = (options, random, gate);

    public LarderChaosOptions Options { get; }

    /// <summary>The same ones, which go on with other options.</summary>
    public Dice With(LarderChaosOptions options) => new(options, _random, _gate);

    public Fate Throw(OperationClass operation)
    {
        if (!Options.IsOn)
        {
            return default;
        }

        var share = operation switch
        {
            OperationClass.Read => Options.Reads,
            OperationClass.Write => Options.Writes,
            OperationClass.Lease => Options.Leases,
            _ => Options.Feed,
        };
        lock (_gate)
        {
            var (fails, isCarriedOut) = (_random.NextDouble() < share, _random.NextDouble() < Options.LostAnswers);
            return new(fails, isCarriedOut, Options.MinimumDelay + ((Options.MaximumDelay - Options.MinimumDelay) * _random.NextDouble()));
        }
    }

    public bool LosesMessage()
    {
        if (!Options.IsOn || Options.LostMessages == 0)
        {
            return false;
        }

        lock (_gate)
        {
            return _random.NextDouble() < Options.LostMessages;
        }
    }
}
