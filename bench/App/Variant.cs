namespace App;

/// <summary>Where the app has its users from. Each name is that of the row.</summary>
internal enum Variant
{
    /// <summary>A static field: the limit.</summary>
    Static,

    /// <summary>Larder, as the sample is.</summary>
    Larder,

    HybridCache,

    FusionCache,

    /// <summary>Microsoft's <c>RedisCache</c> and JSON, as apps have done it since <c>IDistributedCache</c> exists.</summary>
    Classic,

    /// <summary>No cache: each request asks the origin.</summary>
    None,
}
