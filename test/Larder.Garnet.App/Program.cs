using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Configured by its command line as any app is: --Larder:Garnet:Port=21000. It ends with its standard input, so that it
// never outlives the test that started it.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddLarder().UseEmbeddedGarnet();
using var host = builder.Build();
await host.StartAsync();
Console.WriteLine("started");
await Console.In.ReadToEndAsync();
await host.StopAsync();
