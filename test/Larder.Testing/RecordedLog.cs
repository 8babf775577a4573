using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Larder.Testing;

/// <summary>Keeps what is logged, as texts.</summary>
public sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message)> _lines = new();

    /// <summary>The warnings so far.</summary>
    public IEnumerable<string> Warnings => _lines.Where(static line => line.Level == LogLevel.Warning).Select(static line => line.Message);

    /// <summary>All that was logged so far, exceptions included.</summary>
    public IEnumerable<string> Lines => _lines.Select(static line => line.Message);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<(LogLevel Level, string Message)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel, exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception}"));
    }
}
