namespace L2;

/// <summary>All of them, by the names of their columns.</summary>
internal static class Contenders
{
    private static readonly (string Name, Func<string, Task<IContender>> Start)[] All =
    [
        ("bare", static async server => await BareContender.StartAsync(server)),
        ("bare, same bytes", static async server => await BareFieldsContender.StartAsync(server)),
        ("RedisCache", static server => Task.FromResult<IContender>(new RedisCacheContender(server))),
        ("HybridCache", static server => Task.FromResult<IContender>(new HybridCacheContender(server))),
        ("FusionCache", static server => Task.FromResult<IContender>(new FusionCacheContender(server))),
        ("Larder", static server => Task.FromResult<IContender>(new LarderContender(server))),
    ];

    public static IEnumerable<string> Names => All.Select(static one => one.Name);

    /// <summary>Starts one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="server">The configuration of its connection.</param>
    public static Task<IContender> StartAsync(string name, string server) => All.Single(one => one.Name == name).Start(server);
}
