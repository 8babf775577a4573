using Larder.Dashboard.Requests;

namespace Larder.Dashboard.Endpoints;

/// <summary>Which events a reader wants.</summary>
internal sealed class EventFilter
{
    private readonly HashSet<LarderEventKind>? _kinds;
    private readonly string? _text;

    private EventFilter(HashSet<LarderEventKind>? kinds, string? text) => (_kinds, _text) = (kinds, text);

    public static EventFilter Of(ApiRequest request) => new(
        request.Optional("kinds")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(KindOf).ToHashSet(),
        request.Optional("text"));

    public bool Passes(Api.LiveEvent happened) =>
        _kinds?.Contains(happened.Kind) != false
        && (_text is null || happened.Subject?.Contains(_text, StringComparison.OrdinalIgnoreCase) == true);

    private static LarderEventKind KindOf(string text)
    {
        // Enum.TryParse would take a number for a kind.
        foreach (var kind in Enum.GetValues<LarderEventKind>())
        {
            if (text.Equals(kind.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        throw ProblemException.BadInput($"The argument 'kinds' had '{text}'; it may have {string.Join(", ", Enum.GetNames<LarderEventKind>())}.");
    }
}
