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

        return options.Configuration is null ? ValidateOptionsResult.Success : Parse(options.Configuration);
    }

    /// <summary>Reads the setting; Enum.TryParse alone would take "7".</summary>
    /// <exception cref="OptionsValidationException">It names none of them.</exception>
    public static AfterFailover ParseAfterFailover(string text, string section) =>
        Enum.TryParse<AfterFailover>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new OptionsValidationException(
                section,
                typeof(LarderRedisOptions),
                [$"The setting {section}:{nameof(LarderRedisOptions.AfterFailover)} was '{text}'; it may be {string.Join(" or ", Enum.GetNames<AfterFailover>())}."]);

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
