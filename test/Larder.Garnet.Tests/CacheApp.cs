using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Garnet.Tests;

/// <summary>Apps in the test's process.</summary>
internal static class CacheApp
{
    /// <summary>An app with an embedded server, not yet started.</summary>
    /// <param name="settings">Its configuration, for example <c>Larder:Garnet:Port=21000</c>.</param>
    /// <param name="logs">Where its logs go.</param>
    public static IHost Create(IEnumerable<string> settings, LogCollector? logs = null)
    {
        var builder = Host.CreateApplicationBuilder(settings.Select(setting => $"--{setting}").ToArray());
        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        builder.Services.AddLarder().UseEmbeddedGarnet();
        return builder.Build();
    }

    /// <summary>Starts an app with an embedded server at a port.</summary>
    public static Task<IHost> StartAsync(int port, params string[] settings) => StartAsync([$"Larder:Garnet:Port={port}", .. settings]);

    /// <summary>Starts an app with an embedded server at a Unix domain socket.</summary>
    public static Task<IHost> StartAsync(string socket, params string[] settings) => StartAsync([$"Larder:Garnet:UnixSocket={socket}", .. settings]);

    private static async Task<IHost> StartAsync(IEnumerable<string> settings)
    {
        var app = Create(settings);
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            app.Dispose();
            throw;
        }
    }
}
