using System.Net.Sockets;
using Garnet.common;
using Microsoft.Extensions.Logging;

namespace Larder.Garnet.Hosting;

/// <summary>
/// Decides who serves the address: this process, if nobody does yet, or whoever answers there already. The port itself is the
/// referee, or the lock of the socket: of several that start at the same instant one gets it, and the others find it taken and join.
/// </summary>
internal sealed class AddressClaim(string section, EmbeddedGarnetOptions options, ILoggerFactory loggerFactory, TimeProvider time)
{
    // What accepts connections without a word, or holds the directory without serving, may be a server that is just starting or stopping.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ServerAddress _address = ServerAddress.Of(options);

    /// <summary>Starts the server, or finds the one to join.</summary>
    /// <exception cref="InvalidOperationException">Neither is possible; the message names the address and the setting.</exception>
    public async Task<AddressHolder> HostOrJoinAsync(CancellationToken cancellationToken)
    {
        for (var start = time.GetTimestamp(); ;)
        {
            var isLate = time.GetElapsedTime(start) >= Patience;
            var found = await ServerProbe.AskAsync(_address.EndPoint, options.Password, cancellationToken).ConfigureAwait(false);
            switch (found.State)
            {
                case AddressState.Serves:
                    return new(Server: null, found.IsGarnet);
                case AddressState.Refuses:
                    throw Refused(found.Answer);
                case AddressState.Foreign:
                    throw Taken($"something that is no Redis-protocol server listens there (it answered '{Shortened(found.Answer)}')");
                case AddressState.Silent when isLate:
                    throw Taken("something accepts connections there and gives no answer (an app that is paused in a debugger, perhaps)");
                case AddressState.Free when await TryHostAsync(isLate).ConfigureAwait(false) is { } server:
                    return new(server, IsEmbedded: true);
            }

            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<EmbeddedGarnetServer?> TryHostAsync(bool isLate)
    {
        try
        {
            return await EmbeddedGarnetServer.StartAsync(options, loggerFactory).ConfigureAwait(false);
        }
        catch (GarnetException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } && !isLate)
        {
            return null;
        }
        catch (GarnetException exception) when (exception.InnerException is SocketException cause)
        {
            throw Taken($"it can't listen there ({cause.Message})", exception);
        }
        catch (SocketFileException exception) when (exception.IsHeld && !isLate)
        {
            return null;
        }
        catch (SocketFileException exception)
        {
            throw Taken(exception.Message, exception);
        }
        catch (DirectoryInUseException) when (!isLate)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && options.DataDirectory is not null)
        {
            throw new InvalidOperationException(
                $"The embedded server can't use the directory of the setting {section}:DataDirectory, '{options.DataDirectory}': {exception.Message}",
                exception);
        }
    }

    private InvalidOperationException Refused(string answer) => new(options.Password is null
        ? $"The server at {_address.Name} (the setting {section}:{_address.Setting}) wants a password ('{answer}'): set {section}:Password, or another {_address.Kind}."
        : $"The server at {_address.Name} (the setting {section}:{_address.Setting}) refused the password of {section}:Password ('{answer}'): "
            + $"correct it, or set another {_address.Kind}.");

    private InvalidOperationException Taken(string what, Exception? cause = null) => new(
        $"The embedded server can't use {_address.Name}: {what}. Stop what uses it, or set {section}:{_address.Setting} to another {_address.Kind}.", cause);

    private static string Shortened(string answer) => answer.Length > 80 ? answer[..80] + "..." : answer;
}

/// <summary>Who serves the address.</summary>
/// <param name="Server">This process's server; <see langword="null"/> if another's was joined.</param>
/// <param name="IsEmbedded">It is a Garnet: nobody else starts it again if its app ends.</param>
internal readonly record struct AddressHolder(EmbeddedGarnetServer? Server, bool IsEmbedded);
