using Larder.Testing;

namespace L2;

/// <summary>What a contender is told to do.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Size">How many bytes the values have.</param>
/// <param name="Callers">How many callers repeat it, or will at most.</param>
/// <param name="Server">
/// Where it is to start anew, with the values that are read; <see langword="null"/> if it is to run on the server that it has.
/// </param>
internal sealed record Order(Operation Operation, int Size, int Callers, ServerKind? Server = null);
