using Xunit;

namespace Larder.Tests;

/// <summary>
/// Tests that run while no others do: those that say whether anybody listens to the process's caches, and those of what a hit
/// allocates while nobody does.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
