using Microsoft.Extensions.DependencyInjection;

namespace Larder.Hosting;

/// <summary>The builder of one cache.</summary>
internal sealed record LarderBuilder(string Name, IServiceCollection Services) : ILarderBuilder;
