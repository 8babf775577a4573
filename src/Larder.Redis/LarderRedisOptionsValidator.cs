using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Larder.Redis;

/// <summary>Checks how Redis is to be reached, before anything connects.</summary>
internal sealed class LarderRedisOptionsValidator(string cache, string section) : IValidateOptions<LarderRedisOptions>
{
    public ValidateOptionsResult Validate(string? name, LarderRedisOptions options)
    {
        if (name != cache)
        {
            return ValidateOptionsResult.Skip;
        }

        var ways = (options.Configuration is null ? 0 : 1)
            + (options.ConfigurationOptions is null ? 0 : 1)
            + (options.ConnectionMultiplexerFactory is null ? 0 : 1);
        if (ways != 1)
        {
            return ValidateOptionsResult.Fail(
                $"Of {section}:{nameof(options.Configuration)}, {nameof(options.ConfigurationOptions)} and " +
                $"{nameof(options.ConnectionMultiplexerFactory)}, {ways} were set; exactly one may be.");
        }

        if (options.WaitForReplicas is < 0 or > 100)
        {
            return ValidateOptionsResult.Fail(
                $"The setting {section}:{nameof(options.WaitForReplicas)} was {options.WaitForReplicas}; it may be from 0 to 100.");
        }

        if (options.ReplicaTimeout < TimeSpan.FromMilliseconds(1) || options.ReplicaTimeout > TimeSpan.FromMinutes(1))
        {
            return ValidateOptionsResult.Fail(
                $"The setting {section}:{nameof(options.ReplicaTimeout)} was {options.ReplicaTimeout}; it may be from 00:00:00.001 to 00:01:00.");
        }

        if (options is { WaitForReplicas: > 0, ConnectionMultiplexerFactory: not null })
        {
            return ValidateOptionsResult.Fail(
                $"{section}:{nameof(options.WaitForReplicas)} needs a connection of its own, and can't be used with {nameof(options.ConnectionMultiplexerFactory)}.");
        }

        return options.Configuration is null ? ValidateOptionsResult.Success : Parse(options.Configuration);
    }

    /// <summary>Reads the setting; Enum.TryParse alone would take "7".</summary>
    /// <exception cref="OptionsValidationException">It names none of them.</exception>
    public static AfterFailover ParseAfterFailover(string text, string section) =>
        Enum.TryParse<AfterFailover>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw Unreadable(
                $"The setting {section}:{nameof(LarderRedisOptions.AfterFailover)} was '{text}'; it may be {string.Join(" or ", Enum.GetNames<AfterFailover>())}.",
                section);

    /// <summary>Reads a number.</summary>
    /// <exception cref="OptionsValidationException">It is none.</exception>
    public static int ParseWaitForReplicas(string text, string section) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Unreadable(
            $"The setting {section}:{nameof(LarderRedisOptions.WaitForReplicas)} was '{text}'; it may be a number from 0 to 100.", section);

    /// <summary>Reads a time.</summary>
    /// <exception cref="OptionsValidationException">It is none.</exception>
    public static TimeSpan ParseReplicaTimeout(string text, string section) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw Unreadable(
            $"The setting {section}:{nameof(LarderRedisOptions.ReplicaTimeout)} was '{text}'; it may be from 00:00:00.001 to 00:01:00.", section);

    private static OptionsValidationException Unreadable(string error, string section) => new(section, typeof(LarderRedisOptions), [error]);

    // The text itself may hold a password, and stays out of the message.
    private ValidateOptionsResult Parse(string configuration)
    {
        try
        {
            return ConfigurationOptions.Parse(configuration).EndPoints.Count > 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"The setting {section}:{nameof(LarderRedisOptions.Configuration)} names no server; it may be 'host:port,option=value,...'.");
        }
        catch (ArgumentException fault)
        {
            return ValidateOptionsResult.Fail(
                $"The setting {section}:{nameof(LarderRedisOptions.Configuration)} can't be read; it may be 'host:port,option=value,...'. {fault.Message}");
        }
    }
}
