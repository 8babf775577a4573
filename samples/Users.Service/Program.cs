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
catch (OptionsValidationException wrong)
{
    // The message names the setting; a stack trace would only bury it.
    Console.Error.WriteLine(wrong.Message);
    return 1;
}
