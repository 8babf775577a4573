namespace Larder.Chaos.Faults;

/// <summary>Operations that fail alike.</summary>
internal enum OperationClass
{
    Read,
    Write,
    Lease,
    Feed,
}
