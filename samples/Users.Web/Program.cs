using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Users.Web.Hosting;
using Users.Web.Services;

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = Directory.Exists("wwwroot") ? null : AppContext.BaseDirectory,
    });

    builder.Services.AddControllersWithViews(static options => options.Filters.Add(new AutoValidateAntiforgeryTokenAttribute()));
    builder.Services.AddSingleton<ThisServer>();
    builder.Services.AddUsersOptions();
    builder.Services.AddSharedKeys(builder.Configuration);

    // The users: a typed HttpClient, decorated by the cache.
    builder.Services.AddSingleton<OriginAddress>();
    builder.Services.AddHttpClient<IUsersService, UsersService>()
        .ConfigurePrimaryHttpMessageHandler(OriginAddress.CreateHandler)
        .AddStandardResilienceHandler(OriginResilience.Configure);
    builder.Services.Decorate<IUsersService, CachedUsersService>();

    // The cache: in memory over the store that Larder:Store names.
    builder.Services.AddLarder().UseConfiguredStore(builder.Configuration);

    // The origin: here too, unless another service is it.
    builder.Services.AddUsersOrigin();

    var app = builder.Build();

    if (!app.Environment.IsDevelopment())
    {
        app.UseExceptionHandler("/error/500");
    }

    app.UseStatusCodePagesWithReExecute("/error/{0}");
    app.UseSecurityHeaders();
    app.UseStaticFiles();
    app.UseCacheStatus();
    app.UseRouting();
    app.MapControllers();
    app.MapLarderDashboard();

    if (app.Services.GetRequiredService<OriginAddress>().IsThisApp)
    {
        app.MapUsers();
    }

    app.Run();
    return 0;
}
catch (Exception failure) when (failure is OptionsValidationException or InvalidOperationException and not ObjectDisposedException or IOException)
{
    // A setting that is wrong, or a port that is taken. The message says which; a stack trace, which the log has, would bury it.
    Console.Error.WriteLine(failure.Message);
    return 1;
}
