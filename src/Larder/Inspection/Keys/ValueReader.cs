using System.Text.Json;
using System.Text.Unicode;
using Larder.Local;
using Larder.Recovery;
using Larder.Stores;

namespace Larder.Inspection;

/// <summary>Reads the value of a key for a person: from L2, else from this node's L1.</summary>
internal sealed class ValueReader(CacheNode node)
{
    /// <summary>The value; <see langword="null"/> if there is none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="maximumBytes">A larger one is not read.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask<StoredValue?> ReadAsync(string key, long maximumBytes, CancellationToken cancellationToken)
    {
        var copy = node.Local.Local.TryPeek(key, out var found) ? (CachedEntry)found : null;
        var type = copy?.Type.ToString();
        if (node.Line is { } line && await FromStoreAsync(key, maximumBytes, line, cancellationToken).ConfigureAwait(false) is { } value)
        {
            return value with { Type = type };
        }

        return copy is null ? null : FromLocal(copy, maximumBytes) with { Type = type };
    }

    private async ValueTask<StoredValue?> FromStoreAsync(string key, long maximumBytes, StoreLine line, CancellationToken cancellationToken)
    {
        if (line.Store.Ability<IKeyScanner>() is { } scanner)
        {
            var headers = await line.BoundAsync(StoreOperation.Inspect, scanner.ReadHeadersAsync([key], cancellationToken), cancellationToken).ConfigureAwait(false);
            if (headers[0] is not { } header)
            {
                return null;
            }

            if (header.PayloadBytes > maximumBytes)
            {
                return TooLarge(CacheLevel.L2, header.PayloadBytes, maximumBytes);
            }
        }

        var read = await line.BoundAsync(StoreOperation.Read, line.Store.ReadAsync(key, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (read is not { } entry)
        {
            return null;
        }

        using var owner = entry.PayloadOwner;
        var bytes = entry.Payload.Length;
        if (entry.IsDamaged)
        {
            return new() { Level = CacheLevel.L2, Bytes = bytes, Problem = "Some of the entry was changed since it was written." };
        }

        return node.Packing.TryUnpack(key, entry.Payload, out var payload, out var reason)
            ? payload.Length > maximumBytes ? TooLarge(CacheLevel.L2, payload.Length, maximumBytes) : Of(CacheLevel.L2, bytes, payload.ToArray())
            : new() { Level = CacheLevel.L2, Bytes = bytes, Problem = reason };
    }

    private StoredValue FromLocal(CachedEntry copy, long maximumBytes)
    {
        try
        {
            var payload = copy.Serialize(node.Serializers);
            return payload.Length > maximumBytes ? TooLarge(CacheLevel.L1, payload.Length, maximumBytes) : Of(CacheLevel.L1, payload.Length, payload);
        }
        catch (Exception fault)
        {
            return new() { Level = CacheLevel.L1, Bytes = copy.Size, Problem = $"It can't be serialized: {fault.Message}" };
        }
    }

    private static StoredValue Of(CacheLevel level, long bytes, ReadOnlyMemory<byte> payload) =>
        new() { Level = level, Bytes = bytes, Payload = payload, Kind = KindOf(payload.Span) };

    private static StoredValue TooLarge(CacheLevel level, long bytes, long maximum) =>
        new() { Level = level, Bytes = bytes, Problem = $"It has {bytes} bytes, too many to show: {maximum} may be." };

    private static ValueKind KindOf(ReadOnlySpan<byte> payload)
    {
        if (!Utf8.IsValid(payload))
        {
            return ValueKind.Binary;
        }

        var reader = new Utf8JsonReader(payload);
        try
        {
            while (reader.Read())
            {
            }

            return ValueKind.Json;
        }
        catch (JsonException)
        {
            return payload.ContainsAnyInRange<byte>(0, 8) ? ValueKind.Binary : ValueKind.Text;
        }
    }
}
