using Larder.Hosting;
using Larder.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larder.Chaos.Options;

/// <summary>Checks what is to go wrong, and that there is a store for it to happen to.</summary>
internal sealed class LarderChaosOptionsValidator(IServiceProvider services) : IValidateOptions<LarderChaosOptions>
{
    public ValidateOptionsResult Validate(string? name, LarderChaosOptions options)
    {
        if (services.GetKeyedService<StoreFactory>(name ?? string.Empty) is null)
        {
            var cache = string.IsNullOrEmpty(name) ? "the cache" : $"the cache '{name}'";
            return ValidateOptionsResult.Fail($"WithChaos was called for {cache}, which has no store that could fail: call UseRedis or another Use method.");
        }

        return Check(name, options);
    }

    public static ValidateOptionsResult Check(string? name, LarderChaosOptions options)
    {
        var settings = new SettingChecks(SectionName.Of(name, "Chaos"));
        foreach (var (setting, share) in new[]
        {
            (nameof(options.Reads), options.Reads),
            (nameof(options.Writes), options.Writes),
            (nameof(options.Leases), options.Leases),
            (nameof(options.Feed), options.Feed),
            (nameof(options.LostAnswers), options.LostAnswers),
            (nameof(options.LostMessages), options.LostMessages),
        })
        {
            settings.Range(setting, share, 0.0, 1.0);
        }

        var longest = TimeSpan.FromMinutes(1);
        settings.Range(nameof(options.MinimumDelay), options.MinimumDelay, TimeSpan.Zero, longest);
        settings.Range(nameof(options.MaximumDelay), options.MaximumDelay, options.MinimumDelay, longest);
        settings.Range(nameof(options.FeedOutage), options.FeedOutage, TimeSpan.Zero, TimeSpan.FromHours(1));
        return settings.Result;
    }
}
