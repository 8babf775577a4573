using Larder.Fences;
using Larder.Policies;

namespace Larder.Reads;

/// <summary>One key to read from L2.</summary>
/// <param name="Key">The key.</param>
/// <param name="Mark">Captured before the read.</param>
/// <param name="Policy">The options in force.</param>
internal readonly record struct ReadRequest(string Key, LoadMark Mark, EntryPolicy Policy);
