using System.Buffers;
using System.IO.Pipelines;
using Larder.Flights;
using Larder.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Logging;

namespace Larder.OutputCaching;

/// <summary>
/// The output cache's pages as entries of a cache. The middleware asks for a page, renders it where there is none, and sets
/// it: three steps, between which its tags may be evicted. So the request carries the mark of its miss to its set, and what
/// was rendered before an eviction is not kept after it.
/// </summary>
internal sealed class LarderOutputCacheStore(LarderCache cache, IHttpContextAccessor accessor, ILogger<LarderOutputCacheStore> log)
    : IOutputCacheBufferStore
{
    /// <summary>Goes in front of the keys of pages: nobody can set or remove one by its key.</summary>
    public const string Prefix = KeyRules.Reserved + "page:";

    private readonly OpenLoads _loads = cache.OpenLoads;
    private readonly Renderings _renderings = new(cache.OpenLoads.IsCurrent);
    private readonly EntryPolicy _reading = PolicyOf(null);

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var found = await _loads.FindAsync<byte[]>(Prefix + key, _reading, cancellationToken).ConfigureAwait(false);
        if (!found.Found && accessor.HttpContext is { } request)
        {
            var mark = await _loads.BeginAsync(Prefix + key, cancellationToken).ConfigureAwait(false);
            if (!_renderings.Begin(request, Prefix + key, mark) && request.Features.Get<IOutputCacheFeature>() is { } feature)
            {
                // The middleware would let it wait for a rendering that began before an eviction.
                feature.Context.AllowLocking = false;
            }
        }

        return found.Value;
    }

    public async ValueTask<bool> TryGetAsync(string key, PipeWriter destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (await GetAsync(key, cancellationToken).ConfigureAwait(false) is not { } page)
        {
            return false;
        }

        await destination.WriteAsync(page, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public ValueTask SetAsync(string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        cancellationToken.ThrowIfCancellationRequested();
        return KeepAsync(Prefix + key, value, tags, validFor);
    }

    // Copied, because the middleware takes its buffers back.
    public ValueTask SetAsync(
        string key, ReadOnlySequence<byte> value, ReadOnlyMemory<string> tags, TimeSpan validFor, CancellationToken cancellationToken) =>
        SetAsync(key, value.ToArray(), tags.ToArray(), validFor, cancellationToken);

    public ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken) => cache.RemoveByTagAsync(tag, cancellationToken);

    private ValueTask KeepAsync(string key, byte[] page, string[]? tags, TimeSpan validFor)
    {
        if (accessor.HttpContext is not { } request || Renderings.MarkOf(request, key) is not { } mark)
        {
            // Nobody knows what was evicted since it was begun.
            Log.NotLookedUp(log);
            return default;
        }

        var checkedTags = KeyRules.CheckEntryTags(tags, cache.Node.Options.MaximumKeyLength);
        return _loads.KeepAsync(key, page, PolicyOf(validFor), checkedTags, mark);
    }

    // The cache's default options are for its entries. The middleware does not change what it gets.
    private static EntryPolicy PolicyOf(TimeSpan? validFor) =>
        EntryPolicy.Compose(new LarderEntryOptions { Expiration = validFor, ShareInstances = true }, new LarderEntryOptions());
}
