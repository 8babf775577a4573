using System.Text.Json;
using Polly;
using Users.Web.Models;

namespace Users.Web.Services;

/// <summary>The users, asked for over HTTP each time.</summary>
internal sealed class UsersService(HttpClient http, OriginAddress origin) : IUsersService
{
    public async Task<UsersAnswer> GetAsync(CancellationToken cancellationToken)
    {
        var address = origin.Address;
        try
        {
            var document = await http.GetFromJsonAsync(address, UsersJson.Default.UsersDocument, cancellationToken);
            return document?.Data is { } users
                ? new(users, UsersSource.Origin, TimeSpan.Zero, ExpiresIn: null)
                : throw new JsonException("""The answer has no "data".""");
        }
        catch (Exception failure) when (IsTheServices(failure, cancellationToken))
        {
            throw new UsersUnavailableException($"The users service at {address.Authority} did not answer with a list of users.", failure);
        }
    }

    public Task<UsersAnswer?> FindKeptAsync(CancellationToken cancellationToken) => Task.FromResult<UsersAnswer?>(null);

    public Task ForgetAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // ExecutionRejectedException: the resilience handler's time-outs and open circuits.
    private static bool IsTheServices(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or JsonException or ExecutionRejectedException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
