using Microsoft.AspNetCore.Http;

namespace Larder.Dashboard.Requests;

/// <summary>Ends a request with a problem for its caller to read.</summary>
internal sealed class ProblemException(int status, string title, string detail) : Exception(detail)
{
    public int Status => status;

    public string Title => title;

    public static ProblemException BadInput(string detail) => new(StatusCodes.Status400BadRequest, "Bad input", detail);

    public static ProblemException Forbidden(string detail) => new(StatusCodes.Status403Forbidden, "Not allowed", detail);
}
