using Microsoft.AspNetCore.DataProtection;
using Spectre.Console;
using Users.Cluster.Processes;
using Users.Cluster.Terminal;

namespace Users.Cluster;

/// <summary>This process: the load balancer, the control page, and the keeper of the others.</summary>
internal static class ClusterApp
{
    private static readonly TimeSpan RequestsLimit = TimeSpan.FromSeconds(5);

    /// <summary>Runs a cluster until Ctrl+C or SIGTERM.</summary>
    /// <exception cref="IOException">The load balancer's port is taken.</exception>
    /// <exception cref="InvalidOperationException">A sample is not built.</exception>
    public static async Task RunAsync(ClusterOptions options)
    {
        if (!Ports.IsFree(options.Port))
        {
            throw new IOException($"Port {options.Port} is taken: stop what listens there, or choose another with --port.");
        }

        var keys = Directory.CreateTempSubdirectory("larder-cluster-");
        try
        {
            await using var app = Build(options, keys);
            await app.StartAsync();
            await ShowAsync(app.Services, app.Lifetime.ApplicationStopping);
            await app.WaitForShutdownAsync();
        }
        finally
        {
            keys.Delete(recursive: true);
        }
    }

    private static WebApplication Build(ClusterOptions options, DirectoryInfo keys)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls($"http://localhost:{options.Port}");

        // What happens is in the journal; a dead app server, which is the point, is no news for the log.
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = RequestsLimit);

        var plan = new ClusterPlan(options, keys.FullName);
        builder.Services.AddSingleton(plan).AddSingleton(options).AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Journal>();
        builder.Services.AddSingleton<ClusterProcesses>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<ClusterProcesses>());

        // The first key is made while this app starts, before the app servers do: each would make one of its own.
        builder.Services.AddDataProtection().SetApplicationName("Users.Cluster").PersistKeysToFileSystem(keys);
        builder.Services.AddAntiforgery(static options =>
        {
            options.Cookie.Name = "cluster";
            options.Cookie.Path = "/cluster"; // not for the app servers
        });
        builder.Services.AddRazorPages();
        builder.Services.AddBalancer(plan);

        var app = builder.Build();
        app.UseLocalOnly("/cluster");
        app.UseStaticFiles("/cluster");
        app.UseRouting();
        app.MapRazorPages();
        app.MapBalancer();
        return app;
    }

    private static Task ShowAsync(IServiceProvider services, CancellationToken stopping) =>
        Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi
            ? ActivatorUtilities.CreateInstance<PlainTerminal>(services).ShowAsync(stopping)
            : ActivatorUtilities.CreateInstance<LiveTerminal>(services).ShowAsync(stopping);
}
