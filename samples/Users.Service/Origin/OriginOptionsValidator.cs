using Microsoft.Extensions.Options;

namespace Users.Service;

/// <summary>Checks the options at start: a message says the setting, what it was and what it may be.</summary>
internal sealed class OriginOptionsValidator : IValidateOptions<OriginOptions>
{
    public ValidateOptionsResult Validate(string? name, OriginOptions options) =>
        options.Delay >= TimeSpan.Zero && options.Delay <= OriginOptions.MaximumDelay
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"The setting Users:Delay was '{options.Delay}'; it may be from {TimeSpan.Zero} to {OriginOptions.MaximumDelay}.");
}
