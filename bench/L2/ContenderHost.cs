using System.Text.Json;
using Larder.Testing;

namespace L2;

/// <summary>
/// A contender with a server of its own, in a process of its own as in an app: the runtime compiles the client for what this one
/// does with it, and no other has filled the memory. It does what it is told by a line, and answers by one.
/// </summary>
internal static class ContenderHost
{
    /// <summary>Does what it is told until there is nothing more.</summary>
    /// <param name="name">Which contender it is.</param>
    /// <param name="orders">Of each <see cref="Order"/> a line.</param>
    /// <param name="answers">Whether it has started, if it was to start; otherwise the <see cref="Rate"/>.</param>
    public static async Task RunAsync(string name, TextReader orders, TextWriter answers)
    {
        // What a server says is no answer.
        Console.SetOut(Console.Error);
        ITestServer? server = null;
        IContender? contender = null;
        while (await orders.ReadLineAsync() is { } line)
        {
            var order = JsonSerializer.Deserialize<Order>(line)!;
            if (order.Server is { } kind)
            {
                await StopAsync(contender, server);
                server = await TestServer.StartAsync(kind);
                contender = await Contenders.StartAsync(name, server.Configuration);
                var has = contender.Has(order.Operation);
                if (has)
                {
                    await Load.FillAsync(contender, order);
                }

                await answers.WriteLineAsync(JsonSerializer.Serialize(has));
            }
            else
            {
                await answers.WriteLineAsync(JsonSerializer.Serialize(await Load.RunAsync(contender!, order)));
            }

            await answers.FlushAsync();
        }

        await StopAsync(contender, server);
    }

    private static async Task StopAsync(IContender? contender, ITestServer? server)
    {
        if (contender is not null)
        {
            await contender.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
