namespace Larder.Dashboard.Endpoints;

/// <summary>A node's id is its name, a dot, and a random part.</summary>
internal static class NodeNames
{
    public static string Of(string nodeId) => nodeId.LastIndexOf('.') is > 0 and var dot ? nodeId[..dot] : nodeId;
}
