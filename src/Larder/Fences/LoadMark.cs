using Larder.Local;
using Larder.Stores;

namespace Larder.Fences;

/// <summary>What a load captures before it reads L2 or runs a factory; compared when its value is to be stored or shared.</summary>
/// <param name="Hash">The key's <see cref="KeyHash"/>.</param>
/// <param name="At">When it was captured.</param>
/// <param name="Bumps">The fence of the key's stripe.</param>
/// <param name="Removals">As <paramref name="Bumps"/>, without those of keys that were only expired.</param>
/// <param name="Epoch">The trust epoch: it changes when messages of the feed may have been missed.</param>
/// <param name="TagRevision">The node's revision of the tag clock.</param>
/// <param name="Stamp">The tag clock, which the entry will carry.</param>
internal sealed record LoadMark(ulong Hash, long At, long Bumps, long Removals, long Epoch, long TagRevision, TagStamp Stamp);
