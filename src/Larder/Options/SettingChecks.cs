using System.Globalization;
using Microsoft.Extensions.Options;

namespace Larder.Options;

/// <summary>Collects what is wrong with the settings of one section.</summary>
internal sealed class SettingChecks(string section)
{
    private readonly List<string> _failures = [];

    public ValidateOptionsResult Result => _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);

    public void Range<T>(string setting, T value, T minimum, T maximum)
        where T : IComparable<T>, IFormattable =>
        True(setting, Text(value), value.CompareTo(minimum) >= 0 && value.CompareTo(maximum) <= 0, $"from {Text(minimum)} to {Text(maximum)}");

    public void Positive(string setting, TimeSpan? value) =>
        True(setting, value is { } given ? Text(given) : null, !(value <= TimeSpan.Zero), "more than 00:00:00, or not set");

    public void NotNegative(string setting, TimeSpan? value) =>
        True(setting, value is { } given ? Text(given) : null, !(value < TimeSpan.Zero), "00:00:00 or more, or not set");

    public void True(string setting, string? value, bool isValid, string allowed)
    {
        if (!isValid)
        {
            _failures.Add($"The setting {section}:{setting} was '{value}'; it may be {allowed}.");
        }
    }

    /// <summary>As <see cref="True"/>, for a value that is not to be seen.</summary>
    public void Secret(string setting, string whatItWas, bool isValid, string allowed)
    {
        if (!isValid)
        {
            _failures.Add($"The setting {section}:{setting} was {whatItWas}; it may be {allowed}.");
        }
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
