using System.Globalization;
using LocalMemory;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Million = 1_000_000;

Console.WriteLine("| entries                |    number | bytes an entry |");
Console.WriteLine("|------------------------|----------:|---------------:|");
EntryCost.Measure(Million, "expiring", EntryCost.Expiring);
EntryCost.Measure(Million, "expiring, one tag", EntryCost.Tagged);
EntryCost.Measure(Million, "sliding", EntryCost.Sliding);
EntryCost.Measure(100_000, "expiring", EntryCost.Expiring);
OverflowCost.Measure(Million);
OverflowCost.Measure(100_000);
Console.WriteLine();
ByteBound.Measure();
Console.WriteLine();
await SteadyLoad.MeasureAsync(TimeSpan.FromSeconds(60));
