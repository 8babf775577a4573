using Larder.Dashboard.Values;
using Larder.Options;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larder.Dashboard.Options;

/// <summary>Makes the options of one mapped dashboard: the configuration's, over which the code's go.</summary>
internal static class DashboardOptionsFactory
{
    private const string Section = "Larder:Dashboard";

    /// <summary>The options.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">What the app's code sets.</param>
    /// <exception cref="OptionsValidationException">A setting is not acceptable.</exception>
    public static LarderDashboardOptions Create(IServiceProvider services, Action<LarderDashboardOptions>? configure)
    {
        var options = new LarderDashboardOptions();
        services.GetService<IConfiguration>()?.GetSection(Section).Bind(options);
        configure?.Invoke(options);
        return Check(services, options) is { Failed: true } result
            ? throw new OptionsValidationException(Section, typeof(LarderDashboardOptions), result.Failures)
            : options;
    }

    private static ValidateOptionsResult Check(IServiceProvider services, LarderDashboardOptions options)
    {
        var settings = new SettingChecks(Section);
        settings.Range(nameof(options.MaximumValueBytes), options.MaximumValueBytes, 1024, 16 * 1024 * 1024);
        settings.Range(nameof(options.AnswerTimeout), options.AnswerTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30));
        foreach (var path in options.MaskedPaths)
        {
            settings.True(
                nameof(options.MaskedPaths),
                path,
                MaskedPath.TryParse(path, out _),
                "a path of names and indexes, such as $.email, $.users[*].phone, $..password or $.cards[0]");
        }

        var hasAuthorization = services.GetService<IAuthorizationService>() is not null;
        foreach (var (setting, policy) in new[]
        {
            (nameof(options.ViewValuesPolicy), options.ViewValuesPolicy),
            (nameof(options.InvalidatePolicy), options.InvalidatePolicy),
        })
        {
            settings.True(setting, policy, policy is null || hasAuthorization, "the name of a policy after services.AddAuthorization(), or not set");
        }

        return settings.Result;
    }
}
