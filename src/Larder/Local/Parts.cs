namespace Larder.Local;

/// <summary>
/// Work under the cache's lock that can be long, a part at a time: a reader that stores shall not wait for a million entries that
/// expire at once. Between two parts the lock rests, for who lets it go and takes it again at once gets it before those who wait.
/// </summary>
internal static class Parts
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(1);

    /// <summary>Does it.</summary>
    /// <param name="next">Does the next part, and says whether nothing remains to be done.</param>
    /// <param name="most">How many parts are done, at most.</param>
    public static void Run(Func<bool> next, int most = int.MaxValue)
    {
        for (; !next() && most > 1; most--)
        {
            Thread.Sleep(Rest);
        }
    }
}
