using System.Net;
using Larder.Dashboard.Tests.Apps;
using Larder.Dashboard.Tests.Browser;
using Larder.Testing.Browser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Dashboard.Tests.Hosting;

/// <summary>The pipeline of the Blazor template: status pages that are executed again, antiforgery, pages for every path.</summary>
public sealed class BlazorHostTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Get_BesideBlazor_BothWork()
    {
        await using var app = await StartAsync();

        Assert.Contains("<h1>Blazor</h1>", await app.Client.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Contains("<div id=\"app\">", await app.Client.GetStringAsync("larder/"), StringComparison.Ordinal);
        Assert.Equal("""{"caches":[""", (await app.Client.GetStringAsync("larder/api/v1/caches"))[..11]);
    }

    [Fact]
    public async Task Page_BesideBlazor_ShowsItsViewsWithoutComplaint()
    {
        await using var app = await StartAsync();
        await using var window = await chromium.OpenAsync();

        await window.Page.GotoAsync($"http://localhost:{app.Port}/larder/");
        await window.ReadyAsync("overview");

        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Post_BehindAntiforgery_Removes()
    {
        await using var app = await StartAsync();
        await app.Cache.SetAsync("a", 1);

        using var answer = await app.PostAsync("larder/api/v1/key/remove", """{"key":"a"}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False((await app.Cache.TryGetAsync<int>("a")).Found);
    }

    [Fact]
    public async Task Get_Refused_IsAProblemAndNotTheAppsStatusPage()
    {
        await using var app = await StartAsync();

        using var refused = await app.GetAsync("larder/", ("Host", "evil.example"));
        using var missing = await app.GetAsync("larder/assets/x/none.js");

        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal("No such asset.\n", await missing.Content.ReadAsStringAsync());
    }

    private static Task<DashboardApp> StartAsync() => DashboardApp.StartAsync(
        "Development",
        static services =>
        {
            services.AddLarder();
            services.AddRazorComponents();
        },
        static app =>
        {
            app.UseStatusCodePagesWithReExecute("/not-found");
            app.UseRouting();
            app.UseAntiforgery();
            app.MapRazorComponents<Root>();
            app.MapLarderDashboard();
        });

    private sealed class Root : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddMarkupContent(0, "<!DOCTYPE html>");
            builder.OpenComponent<Start>(1);
            builder.CloseComponent();
        }
    }
}

/// <summary>The page of the Blazor app.</summary>
[Route("/")]
[Route("/not-found")]
public sealed class Start : ComponentBase
{
    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddMarkupContent(0, "<h1>Blazor</h1>");
    }
}
