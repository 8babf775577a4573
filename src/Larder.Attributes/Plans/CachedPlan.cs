using System.Reflection;
using Larder.Attributes.Proxies;
using Larder.Attributes.Templates;

namespace Larder.Attributes.Plans;

/// <summary>A method is the factory of what it returns.</summary>
internal sealed class CachedPlan<T>(MethodInfo method, Template key, Template[] tags, LarderEntryOptions? options, ReturnShape shape) : MethodPlan
{
    private readonly int _token = Array.FindIndex(method.GetParameters(), static parameter => parameter.ParameterType == typeof(CancellationToken));

    public override object Call(ProxyTarget target, object?[] arguments)
    {
        var value = GetAsync(target, arguments);
        return shape.IsValueTask ? value : value.AsTask();
    }

    // Asynchronous also in what it throws.
    private async ValueTask<T> GetAsync(ProxyTarget target, object?[] arguments) => await target.Cache.GetOrCreateAsync(
        key.Fill(arguments),
        (Plan: this, target, arguments),
        static (state, cancellationToken) => state.Plan.MakeAsync(state.target, state.arguments, cancellationToken),
        options,
        tags.Length == 0 ? null : Array.ConvertAll(tags, tag => tag.Fill(arguments)),
        _token < 0 ? CancellationToken.None : (CancellationToken)arguments[_token]!).ConfigureAwait(false);

    private async ValueTask<T> MakeAsync(ProxyTarget target, object?[] arguments, CancellationToken cancellationToken)
    {
        // The caller's token cancels its waiting; others may wait for the same.
        var own = (object?[])arguments.Clone();
        if (_token >= 0)
        {
            own[_token] = cancellationToken;
        }

        var lent = target.Lend();
        await using var lease = lent.ConfigureAwait(false);
        var returned = Invoke(method, lent.Instance, own);
        return shape.IsValueTask ? await ((ValueTask<T>)returned).ConfigureAwait(false) : await ((Task<T>)returned).ConfigureAwait(false);
    }
}
