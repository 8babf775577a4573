using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);

// Only where nobody chose an address: UseUrls would override ASPNETCORE_URLS and --urls.
if (string.IsNullOrEmpty(builder.Configuration["urls"]))
{
    builder.WebHost.UseUrls("http://localhost:5080");
}

builder.Services.AddUsersOrigin();

var app = builder.Build();
app.MapUsers();
app.MapGet("/", () => TypedResults.Redirect("/api/users"));

try
{
    app.Run();
    return 0;
}
catch (Exception failure) when (failure is OptionsValidationException or InvalidOperationException and not ObjectDisposedException or IOException)
{
    // A setting that is wrong, or a port that is taken. The message says which; a stack trace, which the log has, would bury it.
    Console.Error.WriteLine(failure.Message);
    return 1;
}
