using Users.Web.Tests.Apps;

namespace Users.Web.Tests;

/// <summary>Wrong settings: the app says which, what it was and what it may be, and ends.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Larder:Store=Memcached", "The setting Larder:Store was 'Memcached'; it may be EmbeddedGarnet, Redis, Memory.")]
    [InlineData("Larder:Store=1", "The setting Larder:Store was '1'; it may be EmbeddedGarnet, Redis, Memory.")]
    [InlineData("Users:SlidingExpiration=00:00:00", "The setting Users:SlidingExpiration was '00:00:00'; it may be from 00:00:01 to 30.00:00:00.")]
    [InlineData("Users:AbsoluteExpiration=-00:10:00", "The setting Users:AbsoluteExpiration was '-00:10:00'; it may be from 00:00:01 to 30.00:00:00.")]
    [InlineData("Users:SlidingExpiration=soon", "Failed to convert configuration value 'soon' at 'Users:SlidingExpiration'")]
    [InlineData("Users:Endpoint=users", "The setting Users:Endpoint was 'users'; it may be an absolute http or https address, or not set.")]
    [InlineData("Users:Delay=00:02:00", "The setting Users:Delay was '00:02:00'; it may be from 00:00:00 to 00:01:00.")]
    public async Task Start_WithAWrongSetting_NamesIt(string setting, string message)
    {
        var (exitCode, output) = await AppProcess.RunAsync("Users.Web", "Larder:Store=Memory", setting);

        Assert.Equal(1, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }
}
