using Microsoft.Extensions.Options;

namespace Users.Web.Services;

/// <summary>Checks the options at start: a message says the setting, what it was and what it may be.</summary>
internal sealed class UsersOptionsValidator : IValidateOptions<UsersOptions>
{
    public ValidateOptionsResult Validate(string? name, UsersOptions options)
    {
        var failures = new ValidateOptionsResultBuilder();
        failures.AddResult(Expiration(nameof(options.SlidingExpiration), options.SlidingExpiration));
        failures.AddResult(Expiration(nameof(options.AbsoluteExpiration), options.AbsoluteExpiration));

        if (options.Endpoint is { } endpoint && !(endpoint.IsAbsoluteUri && endpoint.Scheme is "http" or "https"))
        {
            failures.AddError($"The setting Users:Endpoint was '{endpoint}'; it may be an absolute http or https address, or not set.");
        }

        return failures.Build();
    }

    private static ValidateOptionsResult Expiration(string setting, TimeSpan value) =>
        value >= UsersOptions.MinimumExpiration && value <= UsersOptions.MaximumExpiration
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"The setting Users:{setting} was '{value}'; it may be from {UsersOptions.MinimumExpiration} to {UsersOptions.MaximumExpiration}.");
}
