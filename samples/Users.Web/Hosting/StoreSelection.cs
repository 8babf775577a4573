using Larder;
using Microsoft.Extensions.Options;
using Users.Web.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The store that the setting <c>Larder:Store</c> names.</summary>
internal static class StoreSelection
{
    private const string Setting = "Larder:Store";

    /// <summary>Uses the store that the configuration names: one setting, and nothing else in the app changes.</summary>
    public static ILarderBuilder UseConfiguredStore(this ILarderBuilder larder, IConfiguration configuration) => configuration.GetStore() switch
    {
        StoreKind.EmbeddedGarnet => larder.UseEmbeddedGarnet(),
        StoreKind.Redis => larder.UseRedis(configuration.GetConnectionString("Redis") ?? "localhost:6379"),
        _ => larder,
    };

    /// <summary>Reads the setting.</summary>
    /// <exception cref="OptionsValidationException">It names no store.</exception>
    public static StoreKind GetStore(this IConfiguration configuration)
    {
        var value = configuration[Setting];
        if (string.IsNullOrEmpty(value))
        {
            return StoreKind.EmbeddedGarnet;
        }

        // Enum.TryParse would take "7" for a store.
        foreach (var kind in Enum.GetValues<StoreKind>())
        {
            if (value.Equals(kind.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        throw new OptionsValidationException(
            Setting, typeof(StoreKind), [$"The setting {Setting} was '{value}'; it may be {string.Join(", ", Enum.GetNames<StoreKind>())}."]);
    }
}
