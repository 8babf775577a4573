namespace Users.Web.Services;

/// <summary>Where the users come from and how long they are kept; bound from the configuration section <c>Users</c>.</summary>
internal sealed class UsersOptions
{
    /// <summary>The shortest expiration.</summary>
    public static readonly TimeSpan MinimumExpiration = TimeSpan.FromSeconds(1);

    /// <summary>The longest expiration.</summary>
    public static readonly TimeSpan MaximumExpiration = TimeSpan.FromDays(30);

    /// <summary>The users service's list, such as <c>http://localhost:5080/api/users</c>.</summary>
    /// <value>Default: none; this app serves the list itself, under <c>/api/users</c>. An absolute http or https address.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>How long the list is kept after it was read last.</summary>
    /// <value>Default: 2 minutes. From 1 second to 30 days; <see cref="AbsoluteExpiration"/> ends it in any case.</value>
    public TimeSpan SlidingExpiration { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the list is kept after it was fetched, however often it is read.</summary>
    /// <value>Default: 10 minutes. From 1 second to 30 days.</value>
    public TimeSpan AbsoluteExpiration { get; set; } = TimeSpan.FromMinutes(10);
}
