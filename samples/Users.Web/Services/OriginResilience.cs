using Microsoft.Extensions.Http.Resilience;

namespace Users.Web.Services;

/// <summary>How patiently the users service is asked: a person waits for the answer, and the cache's lease ends after 15 seconds.</summary>
internal static class OriginResilience
{
    public static void Configure(HttpStandardResilienceOptions options)
    {
        options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(12);
        options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(5);
        options.Retry.MaxRetryAttempts = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
    }
}
