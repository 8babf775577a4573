using System.Collections.Concurrent;
using Larder.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larder.Hosting;

/// <summary>Caches by name; those that nobody has registered are made like the default cache.</summary>
internal sealed class LarderFactory(IServiceProvider services) : ILarderFactory, IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<LarderCache>> _made = new(StringComparer.Ordinal);

    public LarderCache GetCache(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return services.GetKeyedService<CacheRegistration>(name) is not null
            ? services.GetRequiredKeyedService<LarderCache>(name)
            : _made.GetOrAdd(name, static (name, factory) => new Lazy<LarderCache>(() => factory.Make(name)), this).Value;
    }

    /// <summary>The caches that were made here.</summary>
    public IEnumerable<LarderCache> Made => _made.Values.Where(static cache => cache.IsValueCreated).Select(static cache => cache.Value);

    public async ValueTask DisposeAsync()
    {
        foreach (var cache in Made)
        {
            await cache.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private LarderCache Make(string name)
    {
        if (services.GetKeyedService<CacheRegistration>(string.Empty) is null)
        {
            throw new InvalidOperationException(
                $"There is no cache '{name}': call AddLarder(\"{name}\"), or AddLarder() for a default cache whose options it can have.");
        }

        var options = services.GetRequiredService<IOptionsFactory<LarderOptions>>().Create(string.Empty);
        options.KeyPrefix = options.KeyPrefix + name + ":";
        services.GetService<IConfiguration>()?.GetSection(SectionName.Of(name)).Bind(options);
        var faults = services.GetServices<IValidateOptions<LarderOptions>>()
            .Select(validator => validator.Validate(name, options)).Where(static result => result.Failed).SelectMany(static result => result.Failures!).ToArray();
        return faults.Length == 0
            ? CacheFactory.Create(services, name, options, registeredAs: string.Empty)
            : throw new OptionsValidationException(name, typeof(LarderOptions), faults);
    }
}

/// <summary>Says that a cache was registered under a name.</summary>
internal sealed record CacheRegistration(string Name);
