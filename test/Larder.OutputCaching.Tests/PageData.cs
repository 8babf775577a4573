using Larder.Testing;

namespace Larder.OutputCaching.Tests;

/// <summary>What pages are rendered from: the database of all app servers.</summary>
internal sealed class PageData
{
    /// <summary>What a reader gets that begins now.</summary>
    public string Value { get; set; } = "old";

    /// <summary>Passed by the next reader, after it has taken the value.</summary>
    public Gate? Gate { get; set; }

    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        var value = Value;
        if (Gate is { } gate)
        {
            Gate = null;
            await gate.PassAsync(cancellationToken);
        }

        return value;
    }

    /// <summary>Makes the next reader wait with what it has taken.</summary>
    public Gate Hold() => Gate = new Gate();
}
