// More than there are processors: many tests wait for a clock.
[assembly: Xunit.v3.Parallelization(MaxThreads = 4)]
