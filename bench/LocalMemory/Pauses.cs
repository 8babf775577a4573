using System.Diagnostics.Tracing;

namespace LocalMemory;

/// <summary>How long garbage collections stop the process: from the order to suspend to the restart, by the runtime's own events.</summary>
internal sealed class Pauses : EventListener
{
    private const EventKeywords Gc = (EventKeywords)1;

    private readonly Lock _gate = new();
    private readonly List<double> _milliseconds = [];
    private DateTime _suspendedAt;

    public double[] Milliseconds
    {
        get
        {
            lock (_gate)
            {
                return [.. _milliseconds.Order()];
            }
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Informational, Gc);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        switch (eventData.EventName)
        {
            case "GCSuspendEEBegin_V1":
                _suspendedAt = eventData.TimeStamp;
                break;
            case "GCRestartEEEnd_V1":
                lock (_gate)
                {
                    _milliseconds.Add((eventData.TimeStamp - _suspendedAt).TotalMilliseconds);
                }

                break;
        }
    }
}
