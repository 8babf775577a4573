namespace Larder.Local;
internal abstract class LocalEntry(string key, long size)
{
    public string Key => key;
    public long Size => size;
    private long _expiresAt = long.MaxValue;
    public long ExpiresAt { get => Volatile.Read(ref _expiresAt); set => Volatile.Write(ref _expiresAt, value); }
}
