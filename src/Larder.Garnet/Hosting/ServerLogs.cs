using Microsoft.Extensions.Logging;

namespace Larder.Garnet.Hosting;

/// <summary>
/// Takes Garnet's logs to the app's, under one category. Garnet says at Information what an app that merely embeds it has no
/// use for, a dozen lines at each start, so all below Warning arrives as Debug or less.
/// </summary>
internal sealed class ServerLogs(ILoggerFactory loggerFactory) : ILoggerFactory, ILogger
{
    private const string Category = "Larder.Garnet.Server";

    private readonly ILogger _target = loggerFactory.CreateLogger(Category);
    private volatile bool _stopping;

    /// <summary>From now on, tasks that end because they are cancelled are no errors, whatever Garnet logs them as.</summary>
    public void Stopping() => _stopping = true;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _target.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => _target.IsEnabled(Lowered(logLevel));

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (_stopping && exception is OperationCanceledException)
        {
            return;
        }

        var level = Lowered(logLevel);
        _target.Log(level, eventId, state, exception, formatter);
    }

    public void Dispose()
    {
        // The app's factory is the app's.
    }

    private static LogLevel Lowered(LogLevel level) => level is LogLevel.Information ? LogLevel.Debug : level;
}
