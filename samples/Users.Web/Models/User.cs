using System.Text.Json.Serialization;

namespace Users.Web.Models;

/// <summary>A user, as the users service describes one.</summary>
/// <param name="Id">The service's number for the user.</param>
/// <param name="Email">The e-mail address.</param>
/// <param name="FirstName">The first name, where the service knows it.</param>
/// <param name="LastName">The last name, where the service knows it.</param>
/// <param name="Avatar">The address of a picture, where there is one. The page draws initials instead: it loads nothing from elsewhere.</param>
public sealed record User(
    [property: JsonPropertyName("id")] int Id,
    [property: JsonPropertyName("email")] string Email,
    [property: JsonPropertyName("first_name")] string? FirstName = null,
    [property: JsonPropertyName("last_name")] string? LastName = null,
    [property: JsonPropertyName("avatar"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Avatar = null)
{
    /// <summary>The full name, or the e-mail address of a user without one.</summary>
    [JsonIgnore]
    public string Name => $"{FirstName} {LastName}".Trim() is { Length: > 0 } name ? name : Email;

    /// <summary>One or two letters that stand for the user.</summary>
    [JsonIgnore]
    public string Initials => string.Concat(Name.Split(' ').Take(2).Select(static word => char.ToUpperInvariant(word[0])));
}
