using Larder;
using Larder.Garnet;
using Larder.Garnet.Hosting;
using Larder.Garnet.Options;
using Larder.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives a cache an embedded server as its second level.</summary>
public static class EmbeddedGarnetBuilderExtensions
{
    /// <summary>
    /// Runs a Redis-protocol server inside this process, on the loopback interface or at a Unix domain socket, and uses it as
    /// L2; its options are those of the configuration section <c>Larder:Garnet</c>. If such a server already answers there, it
    /// is joined as a client instead: apps on one machine share the cache of the first.
    /// </summary>
    /// <param name="builder">The cache.</param>
    /// <returns>The same builder.</returns>
    /// <inheritdoc cref="UseEmbeddedGarnet(ILarderBuilder, Action{EmbeddedGarnetOptions})" path="/remarks"/>
    public static ILarderBuilder UseEmbeddedGarnet(this ILarderBuilder builder) => builder.UseEmbeddedGarnet(static _ => { });

    /// <summary>
    /// Runs a Redis-protocol server inside this process, on the loopback interface, and uses it as L2. If such a server
    /// already answers at the port, it is joined as a client instead: apps on one machine share the cache of the first.
    /// </summary>
    /// <param name="builder">The cache.</param>
    /// <param name="port">The port, from 1 to 65,535, whatever <c>Larder:Garnet:Port</c> and <c>UnixSocket</c> say.</param>
    /// <returns>The same builder.</returns>
    /// <inheritdoc cref="UseEmbeddedGarnet(ILarderBuilder, Action{EmbeddedGarnetOptions})" path="/remarks"/>
    public static ILarderBuilder UseEmbeddedGarnet(this ILarderBuilder builder, int port) =>
        builder.UseEmbeddedGarnet(options => (options.Port, options.UnixSocket) = (port, null));

    /// <summary>
    /// Runs a Redis-protocol server inside this process, on the loopback interface or at a Unix domain socket, and uses it as
    /// L2. If such a server already answers there, it is joined as a client instead: apps on one machine share the cache of the
    /// first.
    /// </summary>
    /// <param name="builder">The cache.</param>
    /// <param name="configure">Sets options, after those of the configuration section <c>Larder:Garnet</c>.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// <para>
    /// The server answers before the app serves its first request, and stops after its last one. A port or a path that
    /// something else uses fails the start with a message that names it.
    /// </para>
    /// <para>
    /// When the app that runs the server ends, one of those that joined it takes its place within about a second, empty or
    /// with what is in its own data directory; until then they work without L2. This holds for a Garnet that was joined:
    /// if it was a redis-server, or another that is looked after elsewhere, its return is waited for.
    /// </para>
    /// <para>
    /// It shares the process with the app, its thread pool and its fate: while the app stands at a breakpoint, the server
    /// answers nobody. It is meant for development, tests and apps on a single machine; several machines need a server of
    /// their own.
    /// </para>
    /// </remarks>
    public static ILarderBuilder UseEmbeddedGarnet(this ILarderBuilder builder, Action<EmbeddedGarnetOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var (services, name) = (builder.Services, builder.Name);

        services.AddOptions<EmbeddedGarnetOptions>(name)
            .Configure<IServiceProvider>((options, provider) =>
                provider.GetService<IConfiguration>()?.GetSection(SectionName.Of(name, "Garnet")).Bind(options))
            .Configure(configure)
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmbeddedGarnetOptions>, EmbeddedGarnetOptionsValidator>());
        services.TryAddKeyedSingleton(name, static (provider, key) => Host(provider, (string)key!));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<EmbeddedGarnetHost>(name));
        builder.UseRedis(static _ => { });
        services.AddOptions<LarderRedisOptions>(name).Configure<IServiceProvider>((options, provider) =>
        {
            var host = provider.GetRequiredKeyedService<EmbeddedGarnetHost>(name);
            options.Configuration = null; // that of the Redis section, which an app may have for another environment
            options.ConfigurationOptions = host.Connect();

            // What the embedded server keeps in a directory survives even the process's being killed, invalidations included.
            if (provider.GetRequiredService<IOptionsMonitor<EmbeddedGarnetOptions>>().Get(name).DataDirectory is not null)
            {
                options.AfterFailover = AfterFailover.Keep;
            }
        });
        return builder;
    }

    private static EmbeddedGarnetHost Host(IServiceProvider provider, string name)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<EmbeddedGarnetOptions>>().Get(name);
        var loggerFactory = provider.GetRequiredService<ILoggerFactory>();
        var time = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        return new(
            new AddressClaim(SectionName.Of(name, "Garnet"), options, loggerFactory, time),
            options,
            () => provider.GetKeyedService<LarderCache>(name)?.DisposeAsync() ?? default,
            loggerFactory.CreateLogger("Larder.Garnet"),
            time);
    }
}
