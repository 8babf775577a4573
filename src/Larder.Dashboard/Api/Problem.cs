namespace Larder.Dashboard.Api;

/// <summary>Why a request was refused, after RFC 9457.</summary>
/// <param name="Title">What kind of problem.</param>
/// <param name="Status">The status of the response.</param>
/// <param name="Detail">What to do about it.</param>
internal sealed record Problem(string Title, int Status, string Detail);
