using Larder.Dashboard.Api;
using Larder.Dashboard.Requests;
using Larder.Inspection;

namespace Larder.Dashboard.Endpoints;

/// <summary>Steps of scans over the keys: each bounded, and not many at a time.</summary>
internal static class ScanEndpoints
{
    private const int DefaultLimit = 100;
    private const int DefaultBudget = 10_000;

    // Scans share the server and this process with the app; a third one waits.
    private static readonly SemaphoreSlim Turns = new(2);

    public static Task<KeyList> KeysAsync(ApiRequest request)
    {
        var (prefix, pattern) = (request.Optional("prefix"), request.Optional("pattern"));
        if (prefix is not null && pattern is not null)
        {
            throw ProblemException.BadInput("The arguments 'prefix' and 'pattern' were both given; it may be one of them.");
        }

        var query = new KeyQuery
        {
            Pattern = prefix is not null ? KeyPattern.StartingWith(prefix) : pattern is not null ? KeyPattern.Parse(pattern) : KeyPattern.All,
            Tag = request.Optional("tag"),
            Cursor = request.Optional("cursor"),
            Limit = request.Number("limit", DefaultLimit, 1, 1000),
            Budget = BudgetOf(request),
        };
        return InTurnAsync(request, async inspector =>
        {
            var page = await inspector.KeysAsync(query, request.Aborted).ConfigureAwait(false);
            return new KeyList(
                [.. page.Rows.Select(Row)],
                new ScanProgress(page.Examined, page.Total, page.Cursor, page.Level == CacheLevel.L2 ? ScanSource.Store : ScanSource.Local));
        });
    }

    public static Task<Api.KeyTree> TreeAsync(ApiRequest request)
    {
        var (prefix, cursor, budget) = (request.Optional("prefix") ?? "", request.Optional("cursor"), BudgetOf(request));
        return InTurnAsync(request, async inspector =>
        {
            var tree = await inspector.TreeAsync(prefix, cursor, budget, request.Aborted).ConfigureAwait(false);
            return new Api.KeyTree(
                prefix,
                [.. tree.Branches.Select(branch => new Api.KeyBranch(branch.Prefix, LabelOf(branch.Prefix, prefix), branch.Keys, branch.IsKey))],
                new ScanProgress(tree.Examined, tree.Total, tree.Cursor, Source: null));
        });
    }

    public static Task<Api.TagCount> CountAsync(ApiRequest request)
    {
        var (tag, cursor, budget) = (request.Required("tag"), request.Optional("cursor"), BudgetOf(request));
        return InTurnAsync(request, async inspector =>
        {
            var count = await inspector.CountTaggedAsync(tag, cursor, budget, request.Aborted).ConfigureAwait(false);
            return new Api.TagCount(tag, count.Entries, new ScanProgress(count.Examined, count.Total, count.Cursor, Source: null));
        });
    }

    public static Task<TagList> TagsAsync(ApiRequest request) => Task.FromResult(new TagList(
        [.. request.Cache.Inspector.Tags().Select(static note => new TagInvalidation(note.Tag, note.At, note.NodeId, note.IsExpiry))]));

    private static async Task<T> InTurnAsync<T>(ApiRequest request, Func<CacheInspector, Task<T>> scan)
    {
        await Turns.WaitAsync(request.Aborted).ConfigureAwait(false);
        try
        {
            return await scan(request.Cache.Inspector).ConfigureAwait(false);
        }
        finally
        {
            Turns.Release();
        }
    }

    private static int BudgetOf(ApiRequest request) => request.Number("budget", DefaultBudget, 100, 100_000);

    private static string LabelOf(string branch, string prefix) =>
        branch.StartsWith(prefix, StringComparison.Ordinal) ? branch[prefix.Length..] : branch;

    private static Api.KeyRow Row(Inspection.KeyRow row) => new()
    {
        Key = row.Key,
        State = row.State,
        KilledBy = row.KilledBy,
        AgeMs = row.Age?.TotalMilliseconds,
        ExpiresInMs = row.ExpiresIn?.TotalMilliseconds,
        SlidingMs = row.SlidingExpiration?.TotalMilliseconds,
        Size = row.Bytes,
        Tags = row.Tags,
        Version = row.Version,
        Writer = row.Writer,
        IsInL1 = row.IsInL1,
    };
}
