using System.Numerics;
using Garnet.server;
using Garnet.server.Auth.Settings;
using Tsavorite.core;

namespace Larder.Garnet.Hosting;

/// <summary>Garnet's settings for ours. What it has no settings for here, it doesn't do: no cluster, no TLS, no interface but the loopback one.</summary>
internal static class ServerSettings
{
    private const long KiB = 1L << 10;
    private const long MiB = 1L << 20;

    /// <summary>The settings of a server.</summary>
    /// <param name="options">Ours.</param>
    /// <param name="address">Where it listens, of these options.</param>
    /// <param name="directory">Where files go, those of a client's SAVE included.</param>
    public static GarnetServerOptions For(EmbeddedGarnetOptions options, ServerAddress address, string directory)
    {
        var settings = new GarnetServerOptions
        {
            EndPoints = [address.EndPoint],
            UnixSocketPath = address.SocketPath,
            UnixSocketPermission = OperatingSystem.IsWindows() ? default : UnixFileMode.UserRead | UnixFileMode.UserWrite,
            QuietMode = true,
            AuthSettings = options.Password is { } password ? new PasswordAuthenticationSettings(password) : null,
            MaxDatabases = 1,
            CheckpointDir = directory,
            DeviceType = DeviceType.RandomAccess, // the default ends the process on Debian 12 at its first write
            EnableLua = true,
            LuaTransactionMode = true, // without it scripts are not atomic
            LuaOptions = new(LuaMemoryManagementMode.Native, "", TimeSpan.FromSeconds(5), LuaLoggingMode.Enable, []),
        };
        LimitMemory(settings, options.MemorySize);
        if (options.DataDirectory is not null)
        {
            KeepData(settings, options.MemorySize);
        }

        return settings;
    }

    private static void LimitMemory(GarnetServerOptions settings, long size)
    {
        settings.LogMemorySize = Megabytes(size);
        // What was evicted stays in memory until all of its page was: with 1 MiB pages, 64 MiB of entries of 100 KB took 587.
        settings.PageSize = $"{Math.Clamp((long)BitOperations.RoundUpToPowerOf2((ulong)size >> 12), 4 * KiB, 32 * MiB) / KiB}k";
        settings.IndexMemorySize = Megabytes(Math.Clamp(size / 16, 4 * MiB, 64 * MiB));
        settings.IndexMaxMemorySize = ""; // its default, null, throws
        settings.CopyReadsToTail = true; // eviction is first in, first out; this keeps what is read
    }

    private static void KeepData(GarnetServerOptions settings, long size)
    {
        settings.EnableAOF = true;
        settings.Recover = true;
        settings.CommitFrequencyMs = 0; // each write is handed to the system at once, so that a killed process loses none it has answered
        settings.AofMemorySize = "16m";
        settings.AofPageSize = "1m";
        // Past the limit it takes a checkpoint and drops the segments before it; one segment of the default 1 GiB would just grow.
        settings.AofSegmentSize = "16m";
        settings.AofSizeLimit = Megabytes(Math.Max(64 * MiB, size));
    }

    private static string Megabytes(long bytes) => $"{bytes / MiB}m";
}
