using Larder;
using Microsoft.Extensions.Options;

namespace Users.Web.Hosting;

/// <summary>Which of the servers this is, for the page to say.</summary>
/// <param name="larder">The cache's options, which name the node.</param>
/// <param name="configuration">The app's configuration, which names the store.</param>
public sealed class ThisServer(IOptions<LarderOptions> larder, IConfiguration configuration)
{
    /// <summary>What L2 is here; <see langword="null"/> if there is none.</summary>
    public string? Store { get; } = configuration.GetStore() switch
    {
        StoreKind.EmbeddedGarnet => "embedded Garnet",
        StoreKind.Redis => "Redis",
        _ => null,
    };

    /// <summary>The node's name, and the port that the request came in at.</summary>
    /// <param name="context">The request.</param>
    public string Describe(HttpContext context) => $"{larder.Value.NodeName}, port {context.Connection.LocalPort}";
}
