using Larder.Fences;
using Microsoft.AspNetCore.Http;

namespace Larder.OutputCaching;

/// <summary>The requests that found no page, each with the mark of its miss, until they are over.</summary>
/// <param name="isCurrent">Whether who comes now may share what is made since a mark was captured.</param>
internal sealed class Renderings(Predicate<LoadMark> isCurrent)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<LoadMark>> _running = new(StringComparer.Ordinal);

    /// <summary>A request found no page and is about to render it, or to wait for who renders it.</summary>
    /// <returns>Whether it may wait: false if one of those that render the page began before an eviction.</returns>
    public bool Begin(HttpContext request, string key, LoadMark mark)
    {
        request.Items[new MarkKey(key)] = mark;
        request.Response.RegisterForDispose(new End(this, key, mark));
        lock (_gate)
        {
            if (!_running.TryGetValue(key, out var marks))
            {
                _running.Add(key, [mark]);
                return true;
            }

            marks.Add(mark);
            return marks.TrueForAll(isCurrent);
        }
    }

    /// <summary>The mark of a request's miss; <see langword="null"/> if it has not looked for the page.</summary>
    public static LoadMark? MarkOf(HttpContext request, string key) => request.Items[new MarkKey(key)] as LoadMark;

    private void Remove(string key, LoadMark mark)
    {
        lock (_gate)
        {
            var marks = _running[key];
            marks.Remove(mark);
            if (marks.Count == 0)
            {
                _running.Remove(key);
            }
        }
    }

    private sealed record MarkKey(string Key);

    private sealed class End(Renderings renderings, string key, LoadMark mark) : IDisposable
    {
        public void Dispose() => renderings.Remove(key, mark);
    }
}
