using System.Net;
using System.Net.Sockets;

namespace Larder.Garnet.Hosting;

/// <summary>Finds out what listens at an address, by the handshake that any Redis client begins with.</summary>
internal static class ServerProbe
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    /// <summary>Connects, authenticates if there is a password, and asks who is there.</summary>
    public static async Task<ProbeResult> AskAsync(EndPoint endPoint, string? password, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        using var connection = new ProbeConnection(endPoint);
        try
        {
            await connection.OpenAsync(limit.Token).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return new(AddressState.Free);
        }

        try
        {
            return await HandshakeAsync(connection, password, limit.Token).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            return new(AddressState.Foreign, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(AddressState.Silent);
        }
    }

    /// <summary>Returns when a connection to the server ends, which is at once if there is no server.</summary>
    public static async Task UntilGoneAsync(EndPoint endPoint, string? password, CancellationToken cancellationToken)
    {
        using var connection = new ProbeConnection(endPoint);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            if (password is not null)
            {
                await connection.CallAsync(cancellationToken, "AUTH", password).ConfigureAwait(false);
            }

            await connection.UntilClosedAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // It is gone, then.
        }
    }

    private static async Task<ProbeResult> HandshakeAsync(ProbeConnection connection, string? password, CancellationToken cancellationToken)
    {
        if (password is not null)
        {
            var authenticated = await connection.CallAsync(cancellationToken, "AUTH", password).ConfigureAwait(false);
            if (authenticated != "+OK")
            {
                return NotServing(authenticated);
            }
        }

        var pong = await connection.CallAsync(cancellationToken, "PING").ConfigureAwait(false);
        if (pong.StartsWith("-LOADING", StringComparison.Ordinal))
        {
            return new(AddressState.Serves, pong);
        }

        return pong == "+PONG"
            ? new(AddressState.Serves, await connection.CallAsync(cancellationToken, "INFO", "server").ConfigureAwait(false))
            : NotServing(pong);
    }

    private static ProbeResult NotServing(string answer) =>
        answer.StartsWith('-') ? new(AddressState.Refuses, answer[1..]) : new(AddressState.Foreign, answer);
}

/// <summary>What a probe found.</summary>
/// <param name="State">The state of the address.</param>
/// <param name="Answer">The words of what answered; of a server that serves, its INFO.</param>
internal readonly record struct ProbeResult(AddressState State, string Answer = "")
{
    /// <summary>Whether it is a Garnet, as an app embeds it.</summary>
    public bool IsGarnet => State == AddressState.Serves && Answer.Contains("garnet_version:", StringComparison.Ordinal);
}

/// <summary>What an address is to a Redis client.</summary>
internal enum AddressState
{
    /// <summary>Nothing listens.</summary>
    Free,

    /// <summary>A Redis-protocol server answers and takes the password; it may still be loading its data.</summary>
    Serves,

    /// <summary>A Redis-protocol server refuses us.</summary>
    Refuses,

    /// <summary>Something accepts connections and says nothing.</summary>
    Silent,

    /// <summary>Something answers that is no Redis-protocol server.</summary>
    Foreign,
}
