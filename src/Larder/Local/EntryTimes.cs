namespace Larder.Local;

/// <summary>
/// The times of an entry that slides, or whose copy in L1 ends before the entry does. Others have but one, and do without
/// this object.
/// </summary>
internal class EntryTimes(in EntryTerms terms)
{
    public readonly long Sliding = terms.Sliding;
    public readonly long Deadline = terms.Deadline;
    public readonly long LocalDeadline = terms.LocalDeadline;
    public long LastRead;
    public int TouchPending;

    /// <summary>The times that an entry needs; <see langword="null"/> if its expiration says all.</summary>
    public static EntryTimes? Of(in EntryTerms terms) =>
        terms.Retention != 0 || terms.EagerAt != MonotonicClock.Never || terms.RetryAt is not null || terms.Validators is not null ? new PolicyTimes(terms)
        : terms.Sliding != 0 || terms.LocalDeadline != terms.Deadline ? new EntryTimes(terms)
        : null;
}
