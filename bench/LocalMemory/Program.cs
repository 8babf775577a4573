using System.Globalization;
using Larder;
using LocalMemory;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Million = 1_000_000;
var minute = TimeSpan.FromMinutes(1);

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
Console.WriteLine($"{Million:N0} entries, a tenth of the reads miss; pauses in ms, by who says when to collect:");
Console.WriteLine("| by          | reads a second | MB a second | pauses | of > 20 | median | longest | % of the time |");
Console.WriteLine("|-------------|---------------:|------------:|-------:|--------:|-------:|--------:|--------------:|");
await SteadyLoad.MeasureAsync("the runtime", TimeSpan.Zero, minute);
await SteadyLoad.MeasureAsync("L1", new LocalOptions().CollectionPauseGoal, minute);
