using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Policies;

/// <summary>Composes what is in force for a key: the call's options, before those of the key, before the cache's defaults.</summary>
internal sealed class EntryPolicies
{
    private readonly LarderEntryOptions _defaults;
    private readonly Func<string, LarderEntryOptions?>? _optionsFor;

    // The options of keys are few objects, for each of which this is done once.
    private readonly ConditionalWeakTable<LarderEntryOptions, Layer> _layers = [];

    public EntryPolicies(LarderOptions options)
    {
        _defaults = options.DefaultEntryOptions;
        _optionsFor = options.EntryOptionsFor;
        Default = EntryPolicy.Compose(new LarderEntryOptions(), _defaults);
    }

    /// <summary>The policy of a call without options, whose key has none either.</summary>
    public EntryPolicy Default { get; }

    /// <summary>Whether keys may have options of their own.</summary>
    public bool AreByKey => _optionsFor is not null;

    /// <summary>The policy of a call.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EntryPolicy Compose(string key, HybridCacheEntryOptions? options)
    {
        if (LayerOf(key) is not { } layer)
        {
            return options is null ? Default : EntryPolicy.Compose(options, _defaults);
        }

        return options is null ? layer.Policy : EntryPolicy.Compose(options, layer.Options);
    }

    /// <summary>The policy of options that a factory has changed.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EntryPolicy Recompose(string key, LarderEntryOptions options) =>
        EntryPolicy.Compose(options, LayerOf(key)?.Options ?? _defaults);

    /// <summary>The flags of a call.</summary>
    public HybridCacheEntryFlags FlagsOf(string key, HybridCacheEntryOptions? options) =>
        LarderEntryOptions.FlagsOf(options, LayerOf(key)?.Policy.Flags ?? Default.Flags);

    private Layer? LayerOf(string key)
    {
        if (_optionsFor?.Invoke(key) is not { } options)
        {
            return null;
        }

        return _layers.TryGetValue(options, out var layer) ? layer : _layers.GetValue(options, Make);
    }

    private Layer Make(LarderEntryOptions options)
    {
        // Whoever changed them later would see no effect: from now on that throws.
        options.ToHybridCacheEntryOptions();
        return new(options.Over(_defaults), EntryPolicy.Compose(options, _defaults));
    }

    /// <summary>The options of a key.</summary>
    /// <param name="Options">With the cache's defaults for what they leave open.</param>
    /// <param name="Policy">What is in force where a call has no options.</param>
    private sealed record Layer(LarderEntryOptions Options, EntryPolicy Policy);
}
