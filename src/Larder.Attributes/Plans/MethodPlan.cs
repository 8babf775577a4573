using System.Reflection;
using Larder.Attributes.Proxies;

namespace Larder.Attributes.Plans;

/// <summary>What is done when a method with an attribute is called.</summary>
internal abstract class MethodPlan
{
    /// <summary>Calls it.</summary>
    /// <returns>What the method returns, as it declares it.</returns>
    public abstract object Call(ProxyTarget target, object?[] arguments);

    protected static object Invoke(MethodInfo method, object instance, object?[] arguments) =>
        method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null)!;
}
