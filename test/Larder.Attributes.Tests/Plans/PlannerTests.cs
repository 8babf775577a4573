using Larder.Attributes.Plans;
using Xunit;

namespace Larder.Attributes.Tests.Plans;

/// <summary>What can't be followed is refused at registration, with the method and the reason.</summary>
public sealed class PlannerTests
{
    [Theory]
    [InlineData(typeof(ISynchronous), "GetAsync has [Cached] and returns System.String: it may return Task<T> or ValueTask<T>.")]
    [InlineData(typeof(IPlainTask), "GetAsync has [Cached] and returns System.Threading.Tasks.Task: it may return Task<T> or ValueTask<T>.")]
    [InlineData(typeof(ISynchronousEviction), "GetAsync has [Evicts] and returns System.Void: it may return Task, ValueTask, Task<T> or ValueTask<T>.")]
    [InlineData(typeof(IObject), "GetAsync has the argument 'filter' of the type System.Uri, which can't stand in a key: it may be string,")]
    [InlineData(typeof(IList), "GetAsync has the argument 'ids' of the type System.Int32[], which can't stand in a key")]
    [InlineData(typeof(IForgotten), "GetAsync has the argument 'page', which is no part of the key 'users:{id}'")]
    [InlineData(typeof(IUnknown), "GetAsync has the key 'users:{user}', which can't be read: there is no argument 'user'.")]
    [InlineData(typeof(IUnknownTag), "GetAsync has the tag 'users:{user}', which can't be read: there is no argument 'user'.")]
    [InlineData(typeof(IExpiration), "GetAsync has [Cached] with the Expiration '5 minutes': it may be a time span of more than zero")]
    [InlineData(typeof(INegative), "GetAsync has [Cached] with the Expiration '-00:01:00': it may be a time span of more than zero")]
    [InlineData(typeof(IBoth), "GetAsync has both [Cached] and [Evicts]")]
    [InlineData(typeof(INothing), "GetAsync has [Evicts] with neither Keys nor Tags")]
    [InlineData(typeof(IGeneric), "GetAsync is generic")]
    [InlineData(typeof(IByReference), "GetAsync has the argument 'id' by reference")]
    [InlineData(typeof(ITwoTokens), "GetAsync has several arguments of the type CancellationToken")]
    [InlineData(typeof(Marked), "is no interface")]
    public void Plan_WhatCantBeFollowed_SaysWhichMethodAndWhy(Type service, string message)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Planner.Plan(service, typeof(object)));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith(service.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_AttributeOnTheImplementation_SaysWhereItBelongs()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Planner.Plan(typeof(IGood), typeof(Marked)));

        Assert.Contains("Marked.GetAsync has [Cached] or [Evicts], which has no effect there: it belongs on the method of", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_EachTypeThatCanStandInAKey_IsTaken() => Assert.Single(Planner.Plan(typeof(IGood), typeof(object)));

    private interface ISynchronous
    {
        [Cached]
        string GetAsync(int id);
    }

    private interface IPlainTask
    {
        [Cached]
        Task GetAsync(int id);
    }

    private interface ISynchronousEviction
    {
        [Evicts(Keys = ["k"])]
        void GetAsync(int id);
    }

    private interface IObject
    {
        [Cached]
        Task<int> GetAsync(Uri filter);
    }

    private interface IList
    {
        [Cached]
        Task<int> GetAsync(int[] ids);
    }

    private interface IForgotten
    {
        [Cached("users:{id}")]
        Task<int> GetAsync(int id, int page);
    }

    private interface IUnknown
    {
        [Cached("users:{user}")]
        Task<int> GetAsync();
    }

    private interface IUnknownTag
    {
        [Evicts(Tags = ["users:{user}"])]
        Task GetAsync();
    }

    private interface IExpiration
    {
        [Cached(Expiration = "5 minutes")]
        Task<int> GetAsync();
    }

    private interface INegative
    {
        [Cached(Expiration = "-00:01:00")]
        Task<int> GetAsync();
    }

    private interface IBoth
    {
        [Cached]
        [Evicts(Keys = ["k"])]
        Task<int> GetAsync();
    }

    private interface INothing
    {
        [Evicts]
        Task GetAsync();
    }

    private interface IGeneric
    {
        [Cached]
        Task<T> GetAsync<T>();
    }

    private interface IByReference
    {
        [Cached]
        Task<int> GetAsync(in int id);
    }

    private interface ITwoTokens
    {
        [Cached]
        Task<int> GetAsync(CancellationToken one, CancellationToken two);
    }

    private interface IGood
    {
        [Cached]
        Task<int> GetAsync(
            string text, char letter, bool flag, Guid guid, int number, long? longer, decimal money, double real, DayOfWeek? day, DateTime at,
            DateTimeOffset? when, DateOnly date, TimeOnly time, TimeSpan span, Int128 large, [NotInKey] Uri caller, CancellationToken cancel);
    }

    private abstract class Marked
    {
        [Cached]
        public abstract Task<int> GetAsync();
    }
}
