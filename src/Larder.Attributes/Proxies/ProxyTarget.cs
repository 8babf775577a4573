using Microsoft.Extensions.DependencyInjection;

namespace Larder.Attributes.Proxies;

/// <summary>What a proxy stands in front of.</summary>
/// <param name="Cache">The cache.</param>
/// <param name="Instance">The implementation that its caller's scope has.</param>
/// <param name="Scopes">Makes further scopes; <see langword="null"/> if there is one instance for all.</param>
/// <param name="Implementation">Its type.</param>
internal sealed record ProxyTarget(LarderCache Cache, object Instance, IServiceScopeFactory? Scopes, Type Implementation)
{
    /// <summary>
    /// An instance for a call that others may wait for: it can outlive its first caller, and that one's scope with all that is
    /// disposed with it.
    /// </summary>
    public Loan Lend()
    {
        var scope = Scopes?.CreateAsyncScope();
        return new Loan(scope?.ServiceProvider.GetRequiredService(Implementation) ?? Instance, scope);
    }

    /// <summary>An instance, until it is disposed.</summary>
    internal readonly struct Loan(object instance, AsyncServiceScope? scope) : IAsyncDisposable
    {
        public object Instance => instance;

        public ValueTask DisposeAsync() => scope?.DisposeAsync() ?? default;
    }
}
