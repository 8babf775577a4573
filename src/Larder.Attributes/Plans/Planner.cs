using System.Globalization;
using System.Reflection;
using Larder.Attributes.Templates;

namespace Larder.Attributes.Plans;

/// <summary>Reads the attributes of an interface, once and at registration: what is wrong with them is said at the app's start.</summary>
/// <param name="service">The interface.</param>
internal sealed class Planner(Type service)
{
    private const string Allowed = "string, a number, an enum, Guid, a date, a time or bool";

    /// <summary>The plans of the methods that have an attribute.</summary>
    /// <exception cref="InvalidOperationException">An attribute can't be followed; the message says which, and why.</exception>
    public static Dictionary<MethodInfo, MethodPlan> Plan(Type service, Type implementation)
    {
        if (!service.IsInterface)
        {
            throw new InvalidOperationException($"{service} is no interface: AddLarderCaching can wrap interfaces only.");
        }

        foreach (var method in implementation.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (method.IsDefined(typeof(CachedAttribute)) || method.IsDefined(typeof(EvictsAttribute)))
            {
                throw new InvalidOperationException(
                    $"{implementation}.{method.Name} has [Cached] or [Evicts], which has no effect there: it belongs on the method of {service}.");
            }
        }

        var planner = new Planner(service);
        var plans = new Dictionary<MethodInfo, MethodPlan>();
        foreach (var method in service.GetInterfaces().Prepend(service).SelectMany(static type => type.GetMethods()))
        {
            if (planner.Plan(method) is { } plan)
            {
                plans.Add(method, plan);
            }
        }

        return plans;
    }

    private MethodPlan? Plan(MethodInfo method)
    {
        var (cached, evicts) = (method.GetCustomAttribute<CachedAttribute>(), method.GetCustomAttribute<EvictsAttribute>());
        if (cached is null && evicts is null)
        {
            return null;
        }

        if (cached is not null && evicts is not null)
        {
            throw Wrong(method, "has both [Cached] and [Evicts]: it may have one of them");
        }

        if (method.IsGenericMethod)
        {
            throw Wrong(method, "is generic: a method with [Cached] or [Evicts] may not be");
        }

        if (Array.Find(method.GetParameters(), static parameter => parameter.ParameterType.IsByRef) is { } byRef)
        {
            throw Wrong(method, $"has the argument '{byRef.Name}' by reference (in, ref, out): it may have arguments by value only");
        }

        var shape = ReturnShape.Of(method.ReturnType);
        return cached is not null ? PlanCached(method, cached, shape) : PlanEvicts(method, evicts!, shape);
    }

    private MethodPlan PlanCached(MethodInfo method, CachedAttribute cached, ReturnShape? shape)
    {
        if (shape?.Result is null)
        {
            throw Wrong(method, $"has [Cached] and returns {method.ReturnType}: it may return Task<T> or ValueTask<T>");
        }

        var parameters = method.GetParameters();
        if (parameters.Count(static parameter => parameter.ParameterType == typeof(CancellationToken)) > 1)
        {
            throw Wrong(method, "has several arguments of the type CancellationToken: it may have one");
        }

        var inKey = Array.FindAll(
            parameters, static parameter => parameter.ParameterType != typeof(CancellationToken) && !parameter.IsDefined(typeof(NotInKeyAttribute)));
        if (cached.Key is null && Array.Find(inKey, static parameter => !ValueText.Has(parameter.ParameterType)) is { } unfit)
        {
            throw Wrong(
                method,
                $"has the argument '{unfit.Name}' of the type {unfit.ParameterType}, which can't stand in a key: it may be {Allowed}, or null where its type allows. " +
                $"Give it [NotInKey], or [Cached] a key with a property of it ({{{unfit.Name}.Id}})");
        }

        var key = Parse(method, "key", cached.Key ?? DefaultKey(method, inKey));
        if (Array.Find(inKey, parameter => !key.Has(parameter)) is { } forgotten)
        {
            throw Wrong(
                method,
                $"has the argument '{forgotten.Name}', which is no part of the key '{cached.Key}', so that all values of it would get the same result: " +
                $"add {{{forgotten.Name}}} to the key, or give the argument [NotInKey]");
        }

        return Make(typeof(CachedPlan<>), shape.Result, method, key, ParseAll(method, "tag", cached.Tags), OptionsOf(method, cached), shape);
    }

    private MethodPlan PlanEvicts(MethodInfo method, EvictsAttribute evicts, ReturnShape? shape)
    {
        if (shape is null)
        {
            throw Wrong(method, $"has [Evicts] and returns {method.ReturnType}: it may return Task, ValueTask, Task<T> or ValueTask<T>");
        }

        var (keys, tags) = (ParseAll(method, "key", evicts.Keys), ParseAll(method, "tag", evicts.Tags));
        return keys.Length + tags.Length > 0
            ? Make(typeof(EvictsPlan<>), shape.Result ?? typeof(object), method, keys, tags, shape)
            : throw Wrong(method, "has [Evicts] with neither Keys nor Tags: it may have one or more");
    }

    private LarderEntryOptions? OptionsOf(MethodInfo method, CachedAttribute cached)
    {
        if (cached.Expiration is null)
        {
            return null;
        }

        return TimeSpan.TryParse(cached.Expiration, CultureInfo.InvariantCulture, out var expiration) && expiration > TimeSpan.Zero
            ? new LarderEntryOptions { Expiration = expiration }
            : throw Wrong(method, $"has [Cached] with the Expiration '{cached.Expiration}': it may be a time span of more than zero, 00:05:00 for one");
    }

    // With the types, so that overloads don't meet, and by the service's name: what an inherited interface returns depends on who
    // implements it.
    private string DefaultKey(MethodInfo method, ParameterInfo[] inKey)
    {
        var arguments = method.GetParameters().Where(static parameter => parameter.ParameterType != typeof(CancellationToken)).Select(parameter =>
            $"{parameter.Name}:{NameOf(parameter.ParameterType)}{(inKey.Contains(parameter) ? $"={{{parameter.Name}}}" : "")}");
        return $"{service}.{method.Name}({string.Join(',', arguments)})";
    }

    private static string NameOf(Type type) => Nullable.GetUnderlyingType(type) is { } own ? NameOf(own) + "?" : type.IsPrimitive ? type.Name : type.ToString();

    private Template[] ParseAll(MethodInfo method, string what, string[]? texts) => Array.ConvertAll(texts ?? [], text => Parse(method, what, text));

    private Template Parse(MethodInfo method, string what, string text)
    {
        try
        {
            return Template.Parse(text, method.GetParameters());
        }
        catch (FormatException fault)
        {
            throw Wrong(method, $"has the {what} '{text}', which can't be read: {fault.Message}");
        }
    }

    private static MethodPlan Make(Type plan, Type result, params object?[] arguments) =>
        (MethodPlan)Activator.CreateInstance(plan.MakeGenericType(result), arguments)!;

    private InvalidOperationException Wrong(MethodInfo method, string why) => new($"{service}.{method.Name} {why}.");
}
