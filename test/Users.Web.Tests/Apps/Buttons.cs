namespace Users.Web.Tests.Apps;

/// <summary>What the page's buttons post to.</summary>
internal static class Buttons
{
    public const string Cache = "/cache";
    public const string Clear = "/clear";
}
