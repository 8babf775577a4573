using System.Reflection;
using System.Text;

namespace Larder.Attributes.Templates;

/// <summary>The text of a key or tag, with values of a method's arguments in it.</summary>
internal sealed class Template
{
    private readonly List<string> _literals = [];
    private readonly List<Value> _values = [];

    private Template()
    {
    }

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">It can't be read, or has values that can't stand in a key; the message says why.</exception>
    public static Template Parse(string text, ParameterInfo[] parameters)
    {
        var template = new Template();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '{' or '}' when i + 1 < text.Length && text[i + 1] == text[i]:
                    literal.Append(text[i++]);
                    break;
                case '{' when text.IndexOf('}', i) is var end and > 0:
                    template.Add(literal.ToString(), Value.Parse(text[(i + 1)..end], parameters));
                    literal.Clear();
                    i = end;
                    break;
                case '{' or '}':
                    throw new FormatException($"the '{text[i]}' at {i} has no other half; a brace is written twice");
                default:
                    literal.Append(text[i]);
                    break;
            }
        }

        template._literals.Add(literal.ToString());
        return text.Length > 0 ? template : throw new FormatException("it is empty");
    }

    /// <summary>Whether an argument, or a property of it, stands in the text.</summary>
    public bool Has(ParameterInfo parameter) => _values.Exists(value => value.Argument == parameter.Position);

    public string Fill(object?[] arguments)
    {
        if (_values.Count == 0)
        {
            return _literals[0];
        }

        var text = new StringBuilder();
        for (var i = 0; i < _values.Count; i++)
        {
            text.Append(_literals[i]);
            ValueText.Append(text, _values[i].Of(arguments));
        }

        return text.Append(_literals[^1]).ToString();
    }

    private void Add(string literal, Value value)
    {
        // So that the first character that no value has tells where the value before it ends.
        if (_values.Count > 0 && !literal.Any(ValueText.Separates))
        {
            throw new FormatException(
                $"between {{{_values[^1].Name}}} and {{{value.Name}}} is nothing that tells where the one ends and the other begins: a ':', say");
        }

        _literals.Add(literal);
        _values.Add(value);
    }

    /// <summary>An argument, or a property of one.</summary>
    private sealed record Value(string Name, int Argument, PropertyInfo[] Path)
    {
        public static Value Parse(string name, ParameterInfo[] parameters)
        {
            var names = name.Split('.');
            var parameter = Array.Find(parameters, parameter => parameter.Name == names[0])
                ?? throw new FormatException($"there is no argument '{names[0]}'");
            var type = parameter.ParameterType;
            var path = new List<PropertyInfo>();
            foreach (var part in names.Skip(1))
            {
                type = Nullable.GetUnderlyingType(type) ?? type; // boxed, the one is the other
                var property = type.GetProperty(part, BindingFlags.Instance | BindingFlags.Public);
                path.Add(property is { CanRead: true } && property.GetIndexParameters().Length == 0
                    ? property
                    : throw new FormatException($"{{{name}}}: {type} has no property '{part}'"));
                type = property.PropertyType;
            }

            return ValueText.Has(type)
                ? new Value(name, parameter.Position, [.. path])
                : throw new FormatException(
                    $"{{{name}}} is a {type}, which can't stand in a key: name a property of it ({{{name}.Id}}) that is a string, number, enum, Guid, date, time or bool");
        }

        public object? Of(object?[] arguments)
        {
            var value = arguments[Argument];
            foreach (var property in Path)
            {
                value = value is null ? null : property.GetValue(value);
            }

            return value;
        }
    }
}
