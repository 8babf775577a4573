using Larder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Attributes.Tests;

public sealed class AddLarderCachingTests
{
    private readonly Table _table = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cached_SameArguments_MethodRunsOnceAndForOthersAgain()
    {
        await using var services = Services();
        var users = services.GetRequiredService<IUsers>();

        Assert.Equal("1 a", await users.FindAsync(1, "a", Cancel));
        Assert.Equal("1 a", await users.FindAsync(1, "a", CancellationToken.None));
        Assert.Equal("1 b", await users.FindAsync(1, "b", Cancel));
        Assert.Equal("2 ", await users.FindAsync(2, null, Cancel));
        Assert.Equal("2 ", await users.FindAsync(2, null, Cancel));

        Assert.Equal(["find 1 a", "find 1 b", "find 2 "], _table.Calls);
    }

    [Fact]
    public async Task Cached_DefaultKey_IsOfTheInterfaceTheMethodAndTheArguments()
    {
        await using var services = Services();
        await services.GetRequiredService<IUsers>().FindAsync(1, "a,name:System.String=b", Cancel);
        await services.GetRequiredService<IUsers>().FindAsync(1, Cancel);

        var cache = services.GetRequiredService<LarderCache>();
        const string Prefix = "Larder.Attributes.Tests.AddLarderCachingTests+IUsers.FindAsync(id:Int32=1";

        Assert.True((await cache.TryGetAsync<string>($"{Prefix},name:System.String=a%2Cname%3ASystem.String%3Db)", Cancel)).Found);
        Assert.True((await cache.TryGetAsync<string>($"{Prefix})", Cancel)).Found);
    }

    [Fact]
    public async Task Cached_ExpirationAndTags_AreTheEntrys()
    {
        await using var services = Services();
        var (users, cache) = (services.GetRequiredService<IUsers>(), services.GetRequiredService<LarderCache>());
        await users.GetAsync(7);
        Assert.Equal(["users", "user:7"], (await cache.ExplainAsync("users:7", Cancel)).Local!.Tags);

        _time.Advance(TimeSpan.FromSeconds(59));
        await users.GetAsync(7);
        Assert.Single(_table.Calls);
        _time.Advance(TimeSpan.FromSeconds(2));
        await users.GetAsync(7);
        Assert.Equal(2, _table.Calls.Count());
    }

    [Fact]
    public async Task Cached_NotInKey_SharesTheEntry()
    {
        await using var services = Services();
        var users = services.GetRequiredService<IUsers>();

        Assert.Equal(await users.CountAsync("a", "first"), await users.CountAsync("a", "second"));

        Assert.Equal(["count a first"], _table.Calls);
    }

    [Fact]
    public async Task Evicts_AfterSuccess_KeysAndTagsAreGone()
    {
        await using var services = Services();
        var users = services.GetRequiredService<IUsers>();
        await users.GetAsync(1);
        await users.GetAsync(2);

        await users.RenameAsync(new User(1, "new"), Cancel);
        Assert.Equal("new", await users.GetAsync(1));
        Assert.Equal("user 2", await users.GetAsync(2));
        Assert.Equal(2, _table.Calls.Count(static call => call == "get 1"));
        Assert.Equal(1, _table.Calls.Count(static call => call == "get 2"));

        Assert.Equal(3, await users.ImportAsync(3));
        await users.GetAsync(1);
        await users.GetAsync(2);
        Assert.Equal(3, _table.Calls.Count(static call => call == "get 1"));
        Assert.Equal(2, _table.Calls.Count(static call => call == "get 2"));
    }

    [Fact]
    public async Task Evicts_EachShape_EvictsAndReturns()
    {
        await using var services = Services();
        var users = services.GetRequiredService<IUsers>();
        var evictions = new Func<Task>[]
        {
            () => users.RenameAsync(new User(1, "a"), Cancel),
            async () => await users.TouchAsync(1),
            async () => Assert.Equal("one", await users.TakeAsync(1, "one")),
            async () => Assert.Equal(1, await users.ImportAsync(1)),
        };
        foreach (var evict in evictions)
        {
            await users.GetAsync(1);
            var before = _table.Calls.Count();
            await users.GetAsync(1);
            Assert.Equal(before, _table.Calls.Count());

            await evict();

            before = _table.Calls.Count();
            await users.GetAsync(1);
            Assert.Equal(before + 1, _table.Calls.Count());
        }
    }

    [Fact]
    public async Task Evicts_MethodFails_NothingIsEvictedAndItsExceptionIsTheCallers()
    {
        await using var services = Services();
        var users = services.GetRequiredService<IUsers>();
        await users.GetAsync(1);

        Assert.Equal("no such user", (await Assert.ThrowsAsync<KeyNotFoundException>(() => users.RenameAsync(new User(1, ""), Cancel))).Message);

        await users.GetAsync(1);
        Assert.Equal(1, _table.Calls.Count(static call => call == "get 1"));
    }

    [Fact]
    public async Task Cached_MethodFails_ItsExceptionIsTheCallersAndNothingIsCached()
    {
        await using var services = Services();
        var users = services.GetRequiredService<IUsers>();

        Assert.Equal("no such user", (await Assert.ThrowsAsync<KeyNotFoundException>(() => users.FindAsync(-1, "a", Cancel))).Message);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => users.FindAsync(-1, "a", Cancel));

        Assert.Equal(2, _table.Calls.Count());
    }

    [Fact]
    public async Task Cached_CallerLeaves_TaskIsCancelledAndTheMethodGoesOnForTheOther()
    {
        await using var services = Services();
        var users = services.GetRequiredService<IUsers>();
        _table.Gate = new Gate();
        using var leaving = new CancellationTokenSource();
        var (first, second) = (users.FindAsync(1, "a", leaving.Token), users.FindAsync(1, "a", Cancel));
        await _table.Gate.Reached;

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _table.Gate.Open();

        Assert.Equal("1 a", await second);
        Assert.Equal(["find 1 a"], _table.Calls);
    }

    [Fact]
    public async Task Cached_AllCallersLeave_TokenOfTheMethodIsCancelled()
    {
        await using var services = Services();
        _table.Gate = new Gate();
        using var leaving = new CancellationTokenSource();
        var only = services.GetRequiredService<IUsers>().FindAsync(1, "a", leaving.Token);
        await _table.Gate.Reached;

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => only);
        await Eventually.TrueAsync(() => _table.Cancelled == 1, message: "the method is cancelled");
    }

    [Fact]
    public async Task Cached_Scoped_MethodRunsInAScopeOfItsOwnWhichOutlivesItsCallers()
    {
        await using var services = Services(ServiceLifetime.Scoped);
        _table.Gate = new Gate();
        Task<string> first, second;
        await using (var scope = services.CreateAsyncScope())
        {
            first = scope.ServiceProvider.GetRequiredService<IUsers>().FindAsync(1, "a", Cancel);
            await _table.Gate.Reached;
            await using var other = services.CreateAsyncScope();
            second = other.ServiceProvider.GetRequiredService<IUsers>().FindAsync(1, "a", Cancel);
        }

        _table.Gate.Open();

        Assert.Equal(("1 a", "1 a"), (await first, await second));
        Assert.Equal(3, _table.Disposed); // of two callers, and of the method's own scope
    }

    [Fact]
    public async Task WithoutAttribute_AnyMember_GoesToTheImplementation()
    {
        await using var services = Services();
        var users = services.GetRequiredService<IUsers>();

        Assert.True(users.TryParse("7", out var id));
        Assert.Equal(7, id);
        Assert.Equal("Int32", users.NameOf<int>());
        users.Owner = "me";
        Assert.Equal("me", users.Owner);
        Assert.Equal("no such user", Assert.Throws<KeyNotFoundException>(() => users.Fail()).Message);
        Assert.Equal("base", await users.BaseAsync());
        Assert.Equal("base", await users.BaseAsync());
        Assert.Equal(["base"], _table.Calls); // an attribute of an inherited interface counts
    }

    [Fact]
    public async Task AddLarderCaching_NamedCache_IsThatOne()
    {
        var collection = new ServiceCollection().AddSingleton(_table);
        collection.AddLarder();
        collection.AddLarder("users");
        await using var services = collection.AddLarderCaching<IUsers, Users>(ServiceLifetime.Singleton, "users").BuildServiceProvider();

        await services.GetRequiredService<IUsers>().GetAsync(1);

        Assert.True((await services.GetRequiredKeyedService<LarderCache>("users").TryGetAsync<string>("users:1", Cancel)).Found);
        Assert.False((await services.GetRequiredService<LarderCache>().TryGetAsync<string>("users:1", Cancel)).Found);
    }

    [Fact]
    public void AddLarderCaching_NoCache_SaysWhatToCall()
    {
        using var services = new ServiceCollection().AddSingleton(_table)
            .AddLarderCaching<IUsers, Users>(ServiceLifetime.Singleton).BuildServiceProvider();

        Assert.Contains("call AddLarder", Assert.Throws<InvalidOperationException>(services.GetRequiredService<IUsers>).Message, StringComparison.Ordinal);
    }

    private ServiceProvider Services(ServiceLifetime lifetime = ServiceLifetime.Singleton)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddSingleton(_table);
        services.AddLarder();
        return services.AddLarderCaching<IUsers, Users>(lifetime).BuildServiceProvider();
    }

    internal sealed record User(int Id, string Name);

    internal interface IBase
    {
        [Cached]
        Task<string> BaseAsync();
    }

    internal interface IUsers : IBase
    {
        string? Owner { get; set; }

        [Cached("users:{id}", Expiration = "00:01:00", Tags = ["users", "user:{id}"])]
        ValueTask<string> GetAsync(int id);

        [Cached]
        Task<string> FindAsync(int id, string? name, CancellationToken cancel);

        [Cached]
        Task<string> FindAsync(int id, CancellationToken cancel);

        [Cached("count:{name}")]
        Task<int> CountAsync(string name, [NotInKey] string caller);

        [Evicts(Keys = ["users:{user.Id}"])]
        Task RenameAsync(User user, CancellationToken cancel);

        [Evicts(Tags = ["users"])]
        Task<int> ImportAsync(int count);

        [Evicts(Tags = ["user:{id}"])]
        ValueTask TouchAsync(int id);

        [Evicts(Tags = ["user:{id}"])]
        ValueTask<string> TakeAsync(int id, string what);

        bool TryParse(string text, out int id);

        string NameOf<T>();

        void Fail();
    }

    internal sealed class Table
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _calls = new();
        private int _disposed;
        private int _cancelled;

        public IEnumerable<string> Calls => _calls;

        public Dictionary<int, string> Names { get; } = [];

        public Gate? Gate { get; set; }

        public int Disposed => _disposed;

        public int Cancelled => _cancelled;

        public void Note(string call) => _calls.Enqueue(call);

        public void NoteDisposed() => Interlocked.Increment(ref _disposed);

        public void NoteCancelled() => Interlocked.Increment(ref _cancelled);
    }

    internal sealed class Users(Table table) : IUsers, IDisposable
    {
        private bool _isDisposed;

        public string? Owner { get; set; }

        public Task<string> BaseAsync()
        {
            table.Note("base");
            return Task.FromResult("base");
        }

        public ValueTask<string> GetAsync(int id)
        {
            table.Note($"get {id}");
            return new(table.Names.GetValueOrDefault(id, $"user {id}"));
        }

        public async Task<string> FindAsync(int id, string? name, CancellationToken cancel)
        {
            table.Note($"find {id} {name}");
            if (table.Gate is { } gate)
            {
                try
                {
                    await gate.PassAsync(cancel);
                }
                catch (OperationCanceledException)
                {
                    table.NoteCancelled();
                    throw;
                }
            }

            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return id < 0 ? throw new KeyNotFoundException("no such user") : $"{id} {name}";
        }

        public Task<string> FindAsync(int id, CancellationToken cancel) => FindAsync(id, null, cancel);

        public Task<int> CountAsync(string name, string caller)
        {
            table.Note($"count {name} {caller}");
            return Task.FromResult(name.Length);
        }

        public Task RenameAsync(User user, CancellationToken cancel)
        {
            table.Names[user.Id] = user.Name;
            return user.Name.Length == 0 ? throw new KeyNotFoundException("no such user") : Task.CompletedTask;
        }

        public Task<int> ImportAsync(int count) => Task.FromResult(count);

        public ValueTask TouchAsync(int id) => default;

        public ValueTask<string> TakeAsync(int id, string what) => new(what);

        public bool TryParse(string text, out int id) => int.TryParse(text, out id);

        public string NameOf<T>() => typeof(T).Name;

        public void Fail() => throw new KeyNotFoundException("no such user");

        public void Dispose()
        {
            _isDisposed = true;
            table.NoteDisposed();
        }
    }
}
