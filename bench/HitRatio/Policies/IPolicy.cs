namespace HitRatio.Policies;

/// <summary>A bounded cache as the benchmark sees it: a read that misses stores the key.</summary>
internal interface IPolicy
{
    /// <summary>Reads a key.</summary>
    /// <returns>Whether it was there.</returns>
    bool Access(int key);
}
