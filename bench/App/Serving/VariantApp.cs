using System.Globalization;
using System.Net;
using App.Users;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Users.Web.Controllers;

namespace App.Serving;

/// <summary>The sample app itself, on Kestrel, with the users of a variant: what the child process runs.</summary>
internal sealed class VariantApp(ServeArguments arguments) : WebApplicationFactory<UsersController>
{
    /// <summary>What the child writes when the app listens.</summary>
    public const string Ready = "ready";

    /// <summary>Serves until it is told to end, or the parent closes this process's input or is gone. Each line until then asks for the bytes allocated so far.</summary>
    public static async Task ServeAsync(ServeArguments arguments)
    {
        await using var app = new VariantApp(arguments);
        app.UseKestrel(options => options.Listen(IPAddress.Loopback, arguments.Port));
        app.StartServer();
        Console.WriteLine(Ready);
        await Task.WhenAny(Task.Run(AnswerParent), app.Services.GetRequiredService<IHost>().WaitForShutdownAsync());
    }

    private static void AnswerParent()
    {
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine(GC.GetTotalAllocatedBytes().ToString(CultureInfo.InvariantCulture));
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseEnvironment(Environments.Production)
        .UseContentRoot(AppContext.BaseDirectory)
        .UseSetting("Logging:LogLevel:Default", "Warning")
        .UseSetting("Larder:Store", "Redis")
        .UseSetting("ConnectionStrings:Redis", arguments.Redis)
        .UseSetting("Users:Delay", "00:00:00")
        .UseSetting("Users:DataProtectionKeys", arguments.Keys)
        .ConfigureTestServices(services => services.UseVariant(arguments.Variant, arguments.Redis));
}
