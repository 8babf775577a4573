using System.Globalization;
using Microsoft.Extensions.Options;

namespace Larder.Options;

/// <summary>
/// Checks a cache's options at start. Written by hand, not by annotations: a message says the setting, what it was and
/// what it may be, and a <see cref="TimeSpan"/> range needs no reflection.
/// </summary>
internal sealed class LarderOptionsValidator : IValidateOptions<LarderOptions>
{
    public ValidateOptionsResult Validate(string? name, LarderOptions options)
    {
        var settings = new SettingChecks(SectionName.Of(name));

        settings.Range(nameof(options.MaxStaleness), options.MaxStaleness, TimeSpan.FromSeconds(2), TimeSpan.FromHours(1));
        settings.Range(nameof(options.StoreTimeout), options.StoreTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        foreach (var (setting, timeout) in new[]
        {
            (nameof(StoreOptions.ReadTimeout), options.Store.ReadTimeout),
            (nameof(StoreOptions.WriteTimeout), options.Store.WriteTimeout),
            (nameof(StoreOptions.InvalidationTimeout), options.Store.InvalidationTimeout),
        })
        {
            settings.Range($"Store:{setting}", timeout ?? TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        }

        settings.Range("Store:BreakerDuration", options.Store.BreakerDuration, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        settings.Range(nameof(options.MaximumKeyLength), options.MaximumKeyLength, 16, 1 << 20);
        settings.Range(nameof(options.MaximumPayloadBytes), options.MaximumPayloadBytes ?? 1, 1, long.MaxValue);
        settings.Range("Local:MaximumEntries", options.Local.MaximumEntries, 1, 100_000_000);
        settings.Range("Local:MaximumBytes", options.Local.MaximumBytes, 1024, long.MaxValue);
        var goal = options.Local.CollectionPauseGoal;
        settings.True(
            "Local:CollectionPauseGoal",
            goal.ToString(),
            goal == TimeSpan.Zero || (goal >= TimeSpan.FromMilliseconds(1) && goal <= TimeSpan.FromSeconds(1)),
            "from 00:00:00.0010000 to 00:00:01, or 00:00:00");
        var overflow = options.Local.Overflow;
        settings.True(
            "Local:Overflow:Directory",
            overflow.Directory,
            overflow.Directory is null || !string.IsNullOrWhiteSpace(overflow.Directory),
            "the path of a directory, or not set");
        settings.Range("Local:Overflow:MaximumBytes", overflow.MaximumBytes, 1 << 20, long.MaxValue);
        settings.Range("Local:Overflow:MaximumEntries", overflow.MaximumEntries, 1_000, 100_000_000);
        settings.Range("Lease:TimeToLive", options.Lease.TimeToLive, TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1));
        settings.Range("Lease:MaximumDuration", options.Lease.MaximumDuration, TimeSpan.FromMilliseconds(200), TimeSpan.FromHours(1));
        settings.True(
            nameof(options.NodeName),
            options.NodeName,
            options.NodeName is { Length: > 0 and <= 64 } node && !node.Any(c => char.IsWhiteSpace(c) || c == ':'),
            "1 to 64 characters, none of them white space or a colon");

        var entry = options.DefaultEntryOptions;
        settings.Positive("DefaultEntryOptions:Expiration", entry.Expiration);
        settings.Positive("DefaultEntryOptions:SlidingExpiration", entry.SlidingExpiration);
        settings.Positive("DefaultEntryOptions:LocalCacheExpiration", entry.LocalCacheExpiration);
        settings.Positive("DefaultEntryOptions:NullExpiration", entry.NullExpiration);
        settings.NotNegative("DefaultEntryOptions:Jitter", entry.Jitter);
        settings.True(
            "DefaultEntryOptions:EagerRefresh",
            entry.EagerRefresh?.ToString(CultureInfo.InvariantCulture),
            entry.EagerRefresh is null or (> 0 and < 1),
            "more than 0 and less than 1, or not set");
        settings.NotNegative("DefaultEntryOptions:FailSafe:MaximumDuration", entry.FailSafe?.MaximumDuration);
        settings.Positive("DefaultEntryOptions:FailSafe:Throttle", entry.FailSafe?.Throttle);
        settings.Positive("DefaultEntryOptions:FactoryTimeout:Soft", entry.FactoryTimeout?.Soft);
        settings.Positive("DefaultEntryOptions:FactoryTimeout:Hard", entry.FactoryTimeout?.Hard);
        settings.True(
            "DefaultEntryOptions:FactoryTimeout:Hard",
            entry.FactoryTimeout?.Hard?.ToString(),
            !(entry.FactoryTimeout?.Hard < entry.FactoryTimeout?.Soft),
            $"not less than FactoryTimeout:Soft, {entry.FactoryTimeout?.Soft}, or not set");
        settings.True(
            "DefaultEntryOptions:LocalPriority",
            entry.LocalPriority?.ToString(),
            entry.LocalPriority is not { } priority || Enum.IsDefined(priority),
            "Low, Normal, High or NeverRemove, or not set");
        settings.Range("DefaultEntryOptions:LocalSize", entry.LocalSize ?? 0, 0, long.MaxValue);
        return settings.Result;
    }
}
