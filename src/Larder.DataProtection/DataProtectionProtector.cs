using Larder.Payloads;
using Microsoft.AspNetCore.DataProtection;

namespace Larder.DataProtection;

/// <summary>
/// ASP.NET Core Data Protection. The cache's name and the entry's key are purposes, from which the key of each payload is
/// derived: what was written for one entry can't be read as another.
/// </summary>
internal sealed class DataProtectionProtector(IDataProtectionProvider provider, string cacheName) : IPayloadProtector
{
    private readonly IDataProtector _root = provider.CreateProtector("Larder.DataProtection", cacheName);

    public string Name => "data-protection";

    public byte[] Protect(ReadOnlySpan<byte> payload, string key) => _root.CreateProtector(key).Protect(payload.ToArray());

    public byte[] Unprotect(ReadOnlySpan<byte> protectedPayload, string key) => _root.CreateProtector(key).Unprotect(protectedPayload.ToArray());
}
