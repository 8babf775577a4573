using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Time.Testing;

namespace Larder.Tests.Distributed;

/// <summary>A test's time, for providers that know no <see cref="TimeProvider"/>.</summary>
internal sealed class FakeClock(FakeTimeProvider time) : ISystemClock
{
    public DateTimeOffset UtcNow => time.GetUtcNow();
}
