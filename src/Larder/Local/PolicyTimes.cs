namespace Larder.Local;

/// <summary>What fail-safe, eager refresh and conditional refresh need to know of an entry, apart from its times.</summary>
internal sealed class PolicyTimes(in EntryTerms terms) : EntryTimes(terms)
{
    public readonly long Retention = terms.Retention;
    public readonly long? RetryAt = terms.RetryAt;
    public readonly long RetryNumber = terms.RetryNumber;
    public readonly Validators? Validators = terms.Validators;
    public long EagerAt = terms.EagerAt;
    public long KeptUntil;
}
