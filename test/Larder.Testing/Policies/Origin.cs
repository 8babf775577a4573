namespace Larder.Testing.Policies;

/// <summary>Where a factory gets its values from: it counts its calls, can be down, and can be held at a gate.</summary>
public sealed class Origin
{
    private int _calls;

    /// <summary>What a call returns that begins now.</summary>
    public string? Value { get; set; } = "new";

    /// <summary>Whether a call that ends now fails.</summary>
    public bool IsDown { get; set; }

    /// <summary>Passed by the next call, after it has taken its value.</summary>
    public Gate? Gate { get; set; }

    /// <summary>How many calls have begun.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>A call.</summary>
    /// <exception cref="OriginDownException">It is down.</exception>
    public async ValueTask<string?> CallAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        var value = Value;
        if (Gate is { } gate)
        {
            Gate = null;
            await gate.PassAsync(cancellationToken);
        }

        return IsDown ? throw new OriginDownException() : value;
    }

    /// <summary>Makes the next call wait, before it fails or returns what it has taken.</summary>
    public Gate Hold() => Gate = new Gate();
}

/// <summary>An <see cref="Origin"/> is down.</summary>
public sealed class OriginDownException() : Exception("The origin is down.");
