namespace Larder.Plugins;

/// <summary>Makes a plugin for one cache.</summary>
/// <param name="Name">What it is called in the log.</param>
/// <param name="Create">Makes it of the app's services.</param>
internal sealed record PluginFactory(string Name, Func<IServiceProvider, ILarderPlugin> Create);
