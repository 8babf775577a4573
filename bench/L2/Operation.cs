namespace L2;

/// <summary>What is measured.</summary>
internal enum Operation
{
    /// <summary>A value that is in the store is read from there.</summary>
    Hit,

    /// <summary>A hundred values that are in the store are read from there, together where the cache can.</summary>
    Batch,

    /// <summary>There is no value: the factory, which has it at once, is called, and its value stored.</summary>
    Miss,

    Set,

    /// <summary>A key that has no value is removed.</summary>
    Remove,

    RemoveByTag,
}
