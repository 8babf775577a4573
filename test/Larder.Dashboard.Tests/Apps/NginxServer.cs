using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Larder.Dashboard.Tests.Apps;

/// <summary>A real nginx in front of an app.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _directory;

    private NginxServer(Process process, string directory, int port)
    {
        _process = process;
        _directory = directory;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts it; skips the test where nginx is not installed.</summary>
    /// <param name="locations">The locations of its server, as its configuration has them.</param>
    public static async Task<NginxServer> StartAsync(string locations)
    {
        var executable = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : Requires.Executable("nginx", "apt-get install nginx");
        var (port, directory) = (FreePort.Next(), Directory.CreateTempSubdirectory("larder-nginx-").FullName);
        await File.WriteAllTextAsync(Path.Combine(directory, "nginx.conf"), $$"""
            daemon off;
            master_process off;
            pid {{directory}}/pid;
            error_log stderr;
            events {}
            http {
              access_log off;
              client_body_temp_path {{directory}}/body;
              proxy_temp_path {{directory}}/proxy;
              fastcgi_temp_path {{directory}}/fastcgi;
              uwsgi_temp_path {{directory}}/uwsgi;
              scgi_temp_path {{directory}}/scgi;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              server {
                listen 127.0.0.1:{{port}};
                {{locations}}
              }
            }
            """);
        var process = Process.Start(new ProcessStartInfo(executable, ["-p", directory, "-e", "stderr", "-c", "nginx.conf"]) { RedirectStandardError = true })!;
        var server = new NginxServer(process, directory, port);
        await Eventually.TrueAsync(() => AnswersAsync(port), TimeSpan.FromSeconds(20), "nginx answers");
        return server;
    }

    public ValueTask DisposeAsync()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return true;
    }
}
