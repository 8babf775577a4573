using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Testing.HybridCacheContract;

/// <summary>The overloads of <c>GetOrCreateAsync</c>.</summary>
public enum Overload
{
    Text,
    TextState,
    TextContext,
    TextStateContext,
    Span,
    SpanState,
    SpanContext,
    SpanStateContext,
    Interpolated,
    InterpolatedState,
    InterpolatedContext,
    InterpolatedStateContext,
}

/// <summary>Calls any of the overloads.</summary>
public static class OverloadExtensions
{
    /// <summary>Calls one.</summary>
    /// <param name="overload">The overload.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key; to the interpolated ones it goes in two parts.</param>
    /// <param name="factory">The factory. Those with state get it as their state.</param>
    /// <param name="options">The options.</param>
    /// <param name="tags">The tags.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public static ValueTask<T> GetOrCreateAsync<T>(
        this Overload overload,
        HybridCache cache,
        string key,
        Func<CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        var (head, tail) = (key[..(key.Length / 2)], key[(key.Length / 2)..]);
        return overload switch
        {
            Overload.Text => cache.GetOrCreateAsync(key, factory, options, tags, cancellationToken),
            Overload.TextState => cache.GetOrCreateAsync(
                key, factory, static (factory, token) => factory(token), options, tags, cancellationToken),
            Overload.TextContext => cache.GetOrCreateAsync(
                key, (HybridCacheEntryContext _, CancellationToken token) => factory(token), options, tags, cancellationToken),
            Overload.TextStateContext => cache.GetOrCreateAsync(
                key, factory, static (factory, _, token) => factory(token), options, tags, cancellationToken),
            Overload.Span => cache.GetOrCreateAsync(key.AsSpan(), factory, options, tags, cancellationToken),
            Overload.SpanState => cache.GetOrCreateAsync(
                key.AsSpan(), factory, static (factory, token) => factory(token), options, tags, cancellationToken),
            Overload.SpanContext => cache.GetOrCreateAsync(
                key.AsSpan(), (HybridCacheEntryContext _, CancellationToken token) => factory(token), options, tags, cancellationToken),
            Overload.SpanStateContext => cache.GetOrCreateAsync(
                key.AsSpan(), factory, static (factory, _, token) => factory(token), options, tags, cancellationToken),
            Overload.Interpolated => cache.GetOrCreateAsync($"{head}{tail}", factory, options, tags, cancellationToken),
            Overload.InterpolatedState => cache.GetOrCreateAsync(
                $"{head}{tail}", factory, static (factory, token) => factory(token), options, tags, cancellationToken),
            Overload.InterpolatedContext => cache.GetOrCreateAsync(
                $"{head}{tail}", (HybridCacheEntryContext _, CancellationToken token) => factory(token), options, tags, cancellationToken),
            Overload.InterpolatedStateContext => cache.GetOrCreateAsync(
                $"{head}{tail}", factory, static (factory, _, token) => factory(token), options, tags, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(overload)),
        };
    }
}
