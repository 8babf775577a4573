namespace Larder.Dashboard.Describing;

/// <summary>An argument in a URL's query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it is.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="IsNumber">Whether it is a whole number.</param>
internal sealed record Argument(string Name, string Summary, bool IsRequired = false, bool IsNumber = false)
{
    public static readonly Argument Budget = new("budget", "How many keys a step looks at, at most. Default: 10,000; from 100 to 100,000.", IsNumber: true);

    public static readonly Argument Cache = new("cache", "The cache's name. Default: the default cache.");

    public static readonly Argument Cursor = new("cursor", "Where the step before ended. Default: the beginning.");

    public static readonly Argument Key = new("key", "The key.", IsRequired: true);

    public static readonly Argument Kinds = new("kinds", "Which kinds of events, separated by commas. Default: all.");

    public static readonly Argument Limit = new("limit", "How many keys are enough. Default: 100; from 1 to 1,000.", IsNumber: true);

    public static readonly Argument Pattern = new("pattern", "A pattern of keys: * stands for any characters, ? for one. Not together with prefix.");

    public static readonly Argument Prefix = new("prefix", "What the keys begin with.");

    public static readonly Argument Tag = new("tag", "Only entries with this tag.");

    public static readonly Argument TagToCount = new("tag", "The tag; * for all entries.", IsRequired: true);

    public static readonly Argument Text = new("text", "What the event's key or tag contains, in whatever case.");
}
