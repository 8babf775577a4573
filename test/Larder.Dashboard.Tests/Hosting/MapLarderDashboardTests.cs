using Larder.Dashboard.Tests.Apps;
using Microsoft.AspNetCore.Builder;

using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larder.Dashboard.Tests.Hosting;

public sealed class MapLarderDashboardTests
{
    [Fact]
    public async Task Map_NoCache_SaysWhatIsMissing()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(
            () => DashboardApp.StartAsync("Development", static _ => { }, static app => app.MapLarderDashboard()));

        Assert.Contains("AddLarder", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MaximumValueBytes", "12", "The setting Larder:Dashboard:MaximumValueBytes was '12'; it may be from 1024 to 16777216.")]
    [InlineData("AnswerTimeout", "01:00:00", "The setting Larder:Dashboard:AnswerTimeout was '01:00:00'; it may be from 00:00:00.0500000 to 00:00:30.")]
    [InlineData("MaskedPaths:0", "email", "The setting Larder:Dashboard:MaskedPaths was 'email'; it may be a path")]
    [InlineData("InvalidatePolicy", "Ops", "The setting Larder:Dashboard:InvalidatePolicy was 'Ops'; it may be the name of a policy after services.AddAuthorization()")]
    public async Task Map_ASettingThatIsWrong_SaysWhichAndWhatItMayBe(string setting, string value, string message)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(setting, value));

        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_SettingsInTheConfiguration_Count()
    {
        await using var app = await StartAsync("Invalidate", "false");

        Assert.Contains("\"invalidate\":false", await app.Client.GetStringAsync("larder/api/v1/permissions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_TwiceWithOptionsOfTheirOwn_AreTwoDashboards()
    {
        await using var app = await DashboardApp.StartAsync("Development", static services => services.AddLarder(), static app =>
        {
            app.MapLarderDashboard("/one", static options => options.Invalidate = false);
            app.MapLarderDashboard("/two/here");
        });

        Assert.Contains("\"invalidate\":false", await app.Client.GetStringAsync("one/api/v1/permissions"), StringComparison.Ordinal);
        Assert.Contains("\"invalidate\":true", await app.Client.GetStringAsync("two/here/api/v1/permissions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_TheApp_DescribesNothingOfIt()
    {
        await using var app = await DashboardApp.StartAsync();

        var endpoints = app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

        Assert.NotEmpty(endpoints);
        Assert.All(endpoints, static endpoint => Assert.True(endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription));
    }

    private static Task<DashboardApp> StartAsync(string setting, string value) => DashboardApp.StartAsync(
        "Development",
        services => services.AddLarder().Services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([new($"Larder:Dashboard:{setting}", value)]).Build()),
        static app => app.MapLarderDashboard());
}
