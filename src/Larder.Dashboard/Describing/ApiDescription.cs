using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Larder.Dashboard.Api;

namespace Larder.Dashboard.Describing;

/// <summary>
/// Describes the API by OpenAPI 3.1, out of what it is mapped by: it can't differ from it. The app's own document has nothing
/// of it, and needs no package for it.
/// </summary>
internal sealed class ApiDescription
{
    private readonly List<Operation> _operations = [];

    public void Add(Operation operation) => _operations.Add(operation);

    /// <summary>The document.</summary>
    public JsonObject ToOpenApi()
    {
        var (paths, schemas) = (new JsonObject(), new JsonObject());
        foreach (var operation in _operations)
        {
            if (paths[operation.Route] is not JsonObject path)
            {
                paths[operation.Route] = path = [];
            }

            path[operation.Method.ToLowerInvariant()] = Describe(operation, schemas);
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Larder's dashboard", ["version"] = "1" },
            // Relative to the document itself, wherever that is served.
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "." }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static JsonObject Describe(Operation operation, JsonObject schemas)
    {
        var described = new JsonObject
        {
            ["summary"] = operation.Summary,
            ["parameters"] = new JsonArray([.. operation.Arguments.Select(Describe)]),
            ["responses"] = new JsonObject
            {
                ["200"] = operation.Answer is { } answer
                    ? Content("application/json", Reference(answer, schemas), "The answer.")
                    : Content("text/event-stream", new JsonObject { ["type"] = "string" }, "Server-sent events."),
                ["default"] = Content("application/problem+json", Reference(ApiJson.Default.Problem, schemas), "Why it was refused, or failed."),
            },
        };
        if (operation.Body is { } body)
        {
            described["requestBody"] = Content("application/json", Reference(body, schemas), "What it acts on.");
        }

        return described;
    }

    private static JsonObject Describe(Argument argument) => new()
    {
        ["name"] = argument.Name,
        ["in"] = "query",
        ["description"] = argument.Summary,
        ["required"] = argument.IsRequired,
        ["schema"] = new JsonObject { ["type"] = argument.IsNumber ? "integer" : "string" },
    };

    private static JsonObject Content(string type, JsonNode schema, string text) => new()
    {
        ["description"] = text,
        ["content"] = new JsonObject { [type] = new JsonObject { ["schema"] = schema } },
    };

    private static JsonObject Reference(JsonTypeInfo type, JsonObject schemas)
    {
        var name = type.Type.Name;
        var place = $"#/components/schemas/{name}";
        if (!schemas.ContainsKey(name))
        {
            var schema = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
            Move(schema, place);
            schemas[name] = schema;
        }

        return new() { ["$ref"] = place };
    }

    // The exporter's references begin at the schema, those of the document at its root.
    private static void Move(JsonNode? node, string place)
    {
        if (node is JsonObject parent)
        {
            if (parent["$ref"] is JsonValue reference && reference.GetValue<string>() is ['#', .. var rest])
            {
                parent["$ref"] = place + rest;
            }

            foreach (var (_, child) in parent)
            {
                Move(child, place);
            }
        }
        else if (node is JsonArray children)
        {
            foreach (var child in children)
            {
                Move(child, place);
            }
        }
    }
}
