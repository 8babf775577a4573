using System.Reflection;
using Larder.Attributes.Proxies;
using Larder.Attributes.Templates;

namespace Larder.Attributes.Plans;

/// <summary>After a method has succeeded, entries are removed. Of one without a result, <typeparamref name="T"/> is any type.</summary>
internal sealed class EvictsPlan<T>(MethodInfo method, Template[] keys, Template[] tags, ReturnShape shape) : MethodPlan
{
    public override object Call(ProxyTarget target, object?[] arguments)
    {
        var running = RunAsync(target, arguments);
        return shape switch
        {
            { IsValueTask: false } => running.AsTask(),
            { Result: null } => new ValueTask(running.AsTask()),
            _ => running,
        };
    }

    private async ValueTask<T> RunAsync(ProxyTarget target, object?[] arguments)
    {
        // Before the method, so that one that can't be filled in fails before anything has happened.
        var (removedKeys, removedTags) = (Array.ConvertAll(keys, key => key.Fill(arguments)), Array.ConvertAll(tags, tag => tag.Fill(arguments)));
        var result = await ResultAsync(Invoke(method, target.Instance, arguments)).ConfigureAwait(false);

        // Without a token: the caller can cancel the method, not the truth.
        await target.Cache.RemoveAsync(removedKeys, CancellationToken.None).ConfigureAwait(false);
        await target.Cache.RemoveByTagAsync(removedTags, CancellationToken.None).ConfigureAwait(false);
        return result;
    }

    private async ValueTask<T> ResultAsync(object returned)
    {
        if (shape.Result is not null)
        {
            return shape.IsValueTask ? await ((ValueTask<T>)returned).ConfigureAwait(false) : await ((Task<T>)returned).ConfigureAwait(false);
        }

        await (shape.IsValueTask ? ((ValueTask)returned).AsTask() : (Task)returned).ConfigureAwait(false);
        return default!;
    }
}
