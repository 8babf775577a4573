using System.Globalization;
using Larder.Stores;

namespace Larder.Testing.Memory;

/// <summary>One node's way to a <see cref="MemoryServer"/>; every operation is carried out at once.</summary>
public sealed class MemoryStore(MemoryServer server, StoreContext context) : ILarderStore
{
    private long _number;
    private long _repeated;

    /// <inheritdoc/>
    public string Description => "memory";

    /// <inheritdoc/>
    public StoreCapabilities Capabilities => StoreCapabilities.All;

    internal string Prefix => context.KeyPrefix;

    /// <inheritdoc/>
    public ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken)
    {
        server.Subscribe(this, observer);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken) => new(server.Run(() => Read(Prefix + key)));

    /// <inheritdoc/>
    public ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken) =>
        new(server.Run(() => Acquire(Prefix + key, request)));

    /// <inheritdoc/>
    public ValueTask<bool> RenewLeaseAsync(string key, LeaseToken token, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        new(server.Run(() =>
        {
            if (Held(Prefix + key, token) is not { } entry)
            {
                return false;
            }

            Extend(entry, timeToLive);
            return true;
        }));

    /// <inheritdoc/>
    public ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        server.Run(() =>
        {
            var held = Held(Prefix + key, token);
            if (held is { Written: null })
            {
                server.Delete(Prefix + key);
            }
            else if (held is not null)
            {
                held.Lease = null;
                if (retryAfter is { } time && held.ExpiresAt <= server.Now)
                {
                    (held.ExpiresAt, held.RetryAt) = (0, After(time));
                }
            }

            Publish(held is null ? FeedChange.None : FeedChange.Release, key);
            return true;
        });
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken) =>
        new(server.Run(() =>
        {
            var isHeld = Held(Prefix + key, token) is not null;
            if (isHeld)
            {
                Write(key, write);
            }

            Publish(isHeld ? FeedChange.Commit : FeedChange.None, isHeld ? key : "");
            return isHeld;
        }));

    /// <inheritdoc/>
    public ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken)
    {
        server.Run(() =>
        {
            Write(key, write);
            Publish(FeedChange.Set, key);
            return true;
        });
        return default;
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        server.Run(() =>
        {
            foreach (var key in keys)
            {
                server.Delete(Prefix + key);
                Publish(FeedChange.Remove, key);
            }

            return true;
        });
        return default;
    }

    /// <inheritdoc/>
    public ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        server.Run(() =>
        {
            foreach (var key in keys)
            {
                if (server.Find(Prefix + key) is { ExpiresAt: not null } entry)
                {
                    (entry.ExpiresAt, entry.RetryAt, entry.Lease) = (0, 0, null);
                }
                else
                {
                    server.Delete(Prefix + key);
                }

                Publish(FeedChange.Expire, key);
            }

            return true;
        });
        return default;
    }

    /// <inheritdoc/>
    public ValueTask TouchAsync(string key, TimeSpan idle, CancellationToken cancellationToken)
    {
        server.Run(() =>
        {
            if (server.Find(Prefix + key) is { Written.SlidingExpiration: { } sliding } entry && !(entry.ExpiresAt <= server.Now))
            {
                var kept = entry.ExpiresAt is { } expires ? entry.GoneAt - expires : 0;
                var slidesTo = Math.Max(entry.GoneAt - kept, Math.Min(After(sliding - idle), entry.Deadline ?? long.MaxValue));
                entry.GoneAt = Later(slidesTo, kept);
                entry.ExpiresAt = entry.ExpiresAt is null ? null : slidesTo;
            }

            return true;
        });
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        new(server.Run(() =>
        {
            var record = server.TagsOf(Prefix);
            record.Clock++;
            foreach (var tag in tags)
            {
                record.Numbers[tag] = record.Clock;
                Publish(FeedChange.Tag, tag, record.Now);
            }

            return Reading(tags);
        }));

    /// <inheritdoc/>
    public ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        new(server.Run(() => Reading(tags)));

    /// <inheritdoc/>
    public ValueTask<TagReading> PulseAsync(long echo, CancellationToken cancellationToken) => new(server.Run(() =>
    {
        if (_repeated != _number)
        {
            _repeated = _number;
            server.Publish(Prefix, new FeedMessage(context.NodeId, _number, FeedChange.Repeat, ""));
        }

        server.Echo(this, echo);
        return Reading([]);
    }));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        server.Unsubscribe(this);
        return default;
    }

    private StoreEntry? Read(string key) => server.Find(key) is { Written: { } written } entry
        ? new StoreEntry
        {
            Payload = written.Payload,
            Version = entry.Version,
            ExpiresIn = entry.ExpiresAt <= server.Now ? Until(entry.RetryAt)
                : (entry.ExpiresAt ?? entry.Deadline) is { } deadline ? Until(deadline) : null,
            IsExpired = entry.ExpiresAt <= server.Now,
            RetainedFor = entry.ExpiresAt is null ? null : Until(entry.GoneAt),
            SlidingExpiration = written.SlidingExpiration,
            Age = TimeSpan.FromTicks(server.Now - entry.WrittenAt),
            Stamp = written.Stamp,
            Tags = written.Tags,
            ETag = written.ETag,
            LastModified = written.LastModified,
        }
        : null;

    private LeaseAnswer Acquire(string key, LeaseRequest request)
    {
        var entry = server.Find(key);
        if (!request.Force)
        {
            if (entry?.Written is not null
                && (entry.Version != request.SeenVersion || (request.Seen == SeenEntry.KeepUnlessThrottled && entry.RetryAt > server.Now)))
            {
                return new(LeaseState.Present);
            }

            if (entry is { Lease: not null } && entry.LeaseUntil > server.Now)
            {
                return new(LeaseState.Held, TimeSpan.FromTicks(entry.LeaseUntil - server.Now));
            }

            entry = request.Seen == SeenEntry.Delete ? null : entry;
        }

        if (entry is null)
        {
            server.Put(key, entry = new MemoryEntry());
        }

        entry.Lease = request.Token.Value;
        Extend(entry, request.TimeToLive);
        return new(LeaseState.Granted);
    }

    private MemoryEntry? Held(string key, LeaseToken token) => server.Find(key) is { } entry && entry.Lease == token.Value ? entry : null;

    private void Extend(MemoryEntry entry, TimeSpan timeToLive)
    {
        entry.LeaseUntil = After(timeToLive);
        if (entry.Written is null)
        {
            entry.GoneAt = entry.LeaseUntil;
        }
    }

    private void Write(string key, in StoreWrite write)
    {
        var now = server.Now;
        var deadline = write.Expiration is { } expiration ? After(expiration) : long.MaxValue;
        var expires = Math.Min(deadline, write.SlidingExpiration is { } sliding ? After(sliding) : long.MaxValue);
        server.Put(Prefix + key, new MemoryEntry
        {
            Written = write with { Payload = write.Payload.ToArray() },
            Version = string.Create(CultureInfo.InvariantCulture, $"{now}:{context.NodeId}:{_number + 1}"),
            WrittenAt = now,
            Deadline = deadline == long.MaxValue ? null : deadline,
            GoneAt = Later(expires, write.Retention.GetValueOrDefault().Ticks),
            ExpiresAt = write.Retention is null || expires == long.MaxValue ? null : expires,
        });
    }

    private TimeSpan Until(long moment) => TimeSpan.FromTicks(Math.Max(0, moment - server.Now));

    private static long Later(long moment, long ticks) => moment < long.MaxValue - ticks ? moment + ticks : long.MaxValue;

    private long After(TimeSpan span) => span.Ticks < long.MaxValue - server.Now ? server.Now + span.Ticks : long.MaxValue;

    private void Publish(FeedChange change, string subject, TagStamp stamp = default) =>
        server.Publish(Prefix, new FeedMessage(context.NodeId, ++_number, change, subject, stamp));

    private TagReading Reading(IReadOnlyList<string> tags)
    {
        var record = server.TagsOf(Prefix);
        return new TagReading(record.Now, [.. tags.Select(tag => record.Numbers.GetValueOrDefault(tag))])
        {
            All = tags.Count > 0 && record.Numbers.Count <= 1000 ? [.. record.Numbers] : null,
        };
    }
}
