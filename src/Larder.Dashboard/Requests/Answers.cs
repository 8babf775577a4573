using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Larder.Dashboard.Api;
using Microsoft.AspNetCore.Http;

namespace Larder.Dashboard.Requests;

/// <summary>Writes JSON by the dashboard's own rules, whatever the app's are.</summary>
internal static class Answers
{
    public static Task WriteAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, answer, type, context.RequestAborted);
    }

    public static Task WriteProblemAsync(HttpContext context, int status, string title, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        return JsonSerializer.SerializeAsync(
            context.Response.Body, new Problem(title, status, detail), ApiJson.Default.Problem, context.RequestAborted);
    }
}
