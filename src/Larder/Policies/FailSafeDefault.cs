namespace Larder.Policies;

/// <summary>A value for a caller whose factory failed and for whom there is no expired one.</summary>
internal abstract record FailSafeDefault
{
    /// <summary>The type of the value.</summary>
    public abstract Type Type { get; }
}

/// <summary>A value of one type.</summary>
internal sealed record FailSafeDefault<T>(T Value) : FailSafeDefault
{
    public override Type Type => typeof(T);
}
