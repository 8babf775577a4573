namespace Users.Service;

/// <summary>Counts the requests for the list since the start, answered or not.</summary>
internal sealed class OriginRequests
{
    private long _requests;

    public OriginStats Total => new(Interlocked.Read(ref _requests));

    public void Count() => Interlocked.Increment(ref _requests);
}
