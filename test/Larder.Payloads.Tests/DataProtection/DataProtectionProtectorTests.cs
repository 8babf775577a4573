using System.Security.Cryptography;
using CsCheck;
using Larder.DataProtection;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Payloads.Tests.DataProtection;

public sealed class DataProtectionProtectorTests : IDisposable
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("larder-keys-");

    public void Dispose() => _keys.Delete(recursive: true);

    [Fact]
    public void Unprotect_OnAnotherServerOfTheSameKeyRing_Works()
    {
        var (one, two) = (Server(), Server());

        var payload = one.Protect("secret"u8, "key");

        Assert.Equal(-1, payload.AsSpan().IndexOf("secret"u8));
        Assert.Equal("secret"u8.ToArray(), two.Unprotect(payload, "key"));
    }

    [Fact]
    public void Unprotect_AfterTheKeyWasRotated_ReadsBoth()
    {
        using var services = Services();
        var before = Server(services).Protect([1], "key");

        services.GetRequiredService<IKeyManager>().CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1000));
        var after = Server().Protect([2], "key");

        Assert.NotEqual(KeyId(before), KeyId(after));
        Assert.Equal([1], Server().Unprotect(before, "key"));
        Assert.Equal([2], Server().Unprotect(after, "key"));
    }

    [Fact]
    public void Unprotect_AfterTheKeyWasRevoked_IsRefused()
    {
        using var services = Services();
        var payload = Server(services).Protect([1], "key");

        services.GetRequiredService<IKeyManager>().RevokeAllKeys(DateTimeOffset.UtcNow.AddMinutes(1));

        Assert.Throws<CryptographicException>(() => Server().Unprotect(payload, "key"));
    }

    [Fact]
    public void Unprotect_AnotherKeyOrCacheOrApp_IsRefused()
    {
        var payload = Server().Protect([1], "key");

        Assert.Throws<CryptographicException>(() => Server().Unprotect(payload, "other"));
        Assert.Throws<CryptographicException>(() => Server(cacheName: "orders").Unprotect(payload, "key"));
        Assert.Throws<CryptographicException>(() => Server(app: "another app").Unprotect(payload, "key"));
    }

    [Fact]
    public void AnyChangedByte_IsRefused()
    {
        var server = Server();
        var payload = server.Protect([1, 2, 3], "key");

        Gen.Select(Gen.Int[0, payload.Length - 1], Gen.Int[1, 255]).Sample((at, change) =>
        {
            byte[] changed = [.. payload];
            changed[at] ^= (byte)change;
            Assert.ThrowsAny<Exception>(() => server.Unprotect(changed, "key"));
        });
    }

    [Fact]
    public void UseDataProtection_WithoutDataProtection_SaysWhatToCall()
    {
        var services = new ServiceCollection();
        services.AddLarder().UseDataProtection();
        using var provider = services.BuildServiceProvider();

        var failure = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<LarderCache>());

        Assert.Contains("services.AddDataProtection()", failure.Message, StringComparison.Ordinal);
    }

    private static string KeyId(byte[] payload) => Convert.ToHexString(payload.AsSpan(4, 16));

    private DataProtectionProtector Server(ServiceProvider? services = null, string cacheName = "", string app = "app") =>
        new((services ?? Services(app)).GetRequiredService<IDataProtectionProvider>(), cacheName);

    private ServiceProvider Services(string app = "app")
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName(app).PersistKeysToFileSystem(_keys);
        return services.BuildServiceProvider();
    }
}
