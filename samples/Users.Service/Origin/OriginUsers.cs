namespace Users.Service;

/// <summary>The users themselves.</summary>
internal static class OriginUsers
{
    public static OriginPage Page { get; } = new(
    [
        User(1, "Amara", "Okafor"),
        User(2, "Jonas", "Lindqvist"),
        User(3, "Mei", "Tanaka"),
        User(4, "Rafael", "Moreira"),
        User(5, "Ingrid", "Halvorsen"),
        User(6, "Samuel", "Adeyemi"),
        User(7, "Priya", "Raman"),
        User(8, "Luca", "Bianchi"),
        User(9, "Noor", "Haddad"),
        User(10, "Eleanor", "Whitfield"),
        User(11, "Mateo", "Fuentes"),
        User(12, "Zofia", "Kowalczyk"),
    ]);

    // example.com is reserved by RFC 2606: nobody's address is among these.
    private static OriginUser User(int id, string firstName, string lastName) =>
        new(id, $"{firstName}.{lastName}@example.com".ToLowerInvariant(), firstName, lastName);
}
