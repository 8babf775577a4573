using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Larder.Inspection;

/// <summary>Reads the options in force. What is no plain value is not shown, but for whether it is there.</summary>
internal static class SettingsReader
{
    /// <summary>The settings of a cache, by the names that they have in the configuration.</summary>
    public static IReadOnlyList<Setting> Read(LarderOptions options) =>
    [
        .. Of(options, new LarderOptions(), ""),
        .. Of(options.Local, new LocalOptions(), "Local:"),
        .. Of(options.Local.Overflow, new OverflowOptions(), "Local:Overflow:"),
        .. Of(options.Lease, new LeaseOptions(), "Lease:"),
        .. Of(options.Store, new StoreOptions(), "Store:"),
        .. Of(options.DefaultEntryOptions, new LarderEntryOptions(), "DefaultEntryOptions:"),
        .. Of(options.DefaultEntryOptions.FailSafe ?? new(), new FailSafeOptions(), "DefaultEntryOptions:FailSafe:"),
        .. Of(options.DefaultEntryOptions.FactoryTimeout ?? new(), new FactoryTimeoutOptions(), "DefaultEntryOptions:FactoryTimeout:"),
    ];

    private static IEnumerable<Setting> Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(T options, T defaults, string section) =>
        typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.CanWrite && property.GetIndexParameters().Length == 0 && !IsSection(property.PropertyType))
            .Select(property => new Setting(section + property.Name, Text(property.GetValue(options)), Text(property.GetValue(defaults))));

    private static bool IsSection(Type type) => type.Assembly == typeof(LarderOptions).Assembly && !type.IsEnum;

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        bool or Enum => value.ToString()!,
        IFormattable number when value.GetType().IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "set",
    };
}
