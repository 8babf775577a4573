using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Larder;
using Larder.Payloads;
using Larder.Payloads.Packing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using PayloadCost;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Console.WriteLine("| users | what              |   bytes | write, µs | read, µs |");
Console.WriteLine("|------:|-------------------|--------:|----------:|---------:|");
foreach (var count in new[] { 10, 100, 1000 })
{
    var users = User.Some(count);
    Serialize("JSON", users, static _ => { });
    Serialize("MessagePack", users, static builder => builder.UseMessagePack());
    Serialize("MemoryPack", users, static builder => builder.UseMemoryPack());
    Serialize("Protocol Buffers", users, static builder => builder.UseProtobuf());
    Serialize("Newtonsoft.Json", users, static builder => builder.UseNewtonsoftJson());
    Pack("+ Brotli", users, static builder => builder.UseCompression(static o => o.MinimumBytes = 1));
    Pack("+ Zstandard", users, static builder => builder.UseZstandard(static o => o.MinimumBytes = 1));
    Pack("+ AES-256-GCM", users, static builder => builder.UseEncryption(static o => o.Keys["a"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
    Pack("+ Data Protection", users, static builder =>
    {
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        builder.UseDataProtection();
    });
}

static void Serialize(string what, User[] users, Action<ILarderBuilder> configure)
{
    using var services = Services(configure);
    var codec = new PayloadSerializers(services, "").CodecFor<User[]>();
    var payload = codec.Encode(users);
    Print(what, users.Length, payload.Length, () => codec.Encode(users), () => codec.Decode(payload));
}

// Of the JSON: what is added to it.
static void Pack(string what, User[] users, Action<ILarderBuilder> configure)
{
    using var services = Services(configure);
    var payload = new PayloadSerializers(services, "").CodecFor<User[]>().Encode(users);
    var packing = PayloadPacking.Create(services, "", "", null);
    var packed = packing.Pack("key", payload, compress: true);
    Print(
        what,
        users.Length,
        packed.Length,
        () => packing.Pack("key", payload, compress: true),
        () => packing.TryUnpack("key", packed, out _, out var reason) ? true : throw new InvalidOperationException(reason));
}

static void Print<TWritten, TRead>(string what, int users, int bytes, Func<TWritten> write, Func<TRead> read) =>
    Console.WriteLine($"| {users,5:N0} | {what,-17} | {bytes,7:N0} | {Time(write),9:0.0} | {Time(read),8:0.0} |");

// The best round of thirty: the machine may have other things to do.
static double Time<T>(Func<T> action)
{
    var times = new List<double>();
    for (var round = 0; round < 40; round++)
    {
        var (start, calls) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(30))
        {
            action();
            calls++;
        }

        times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls);
    }

    // The first ten warm up.
    return times.Skip(10).Min();
}

static ServiceProvider Services(Action<ILarderBuilder> configure)
{
    var services = new ServiceCollection();
    configure(services.AddLarder());
    return services.BuildServiceProvider();
}
