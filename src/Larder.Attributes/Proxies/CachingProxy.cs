using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Larder.Attributes.Plans;

namespace Larder.Attributes.Proxies;

/// <summary>Implements an interface: methods with a plan by that, all others by the implementation.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy derives from it.")]
internal class CachingProxy : DispatchProxy
{
    private Dictionary<MethodInfo, MethodPlan> _plans = null!;
    private ProxyTarget _target = null!;

    public static T Create<T>(Dictionary<MethodInfo, MethodPlan> plans, ProxyTarget target)
        where T : class
    {
        var created = Create<T, CachingProxy>();
        var proxy = (CachingProxy)(object)created;
        (proxy._plans, proxy._target) = (plans, target);
        return created;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _plans.TryGetValue(targetMethod!, out var plan)
        ? plan.Call(_target, args ?? [])
        : targetMethod!.Invoke(_target.Instance, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
}
