using System.Globalization;
using App;
using App.Load;
using App.Serving;

// The sample app under wrk, by each variant in turn, several rounds.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (ServeArguments.Parse(args) is { } arguments)
{
    await VariantApp.ServeAsync(arguments);
    return;
}

const int WarmUps = 8; // on one busy core, the compiler needs as many until a request costs the same as the one before
const int Rounds = 21; // many short ones: this machine is half as fast for seconds now and then, and only what runs close together can be compared
string[] pages = ["/", "/users"];
var keys = Directory.CreateTempSubdirectory("larder-app-keys-");
var contenders = new List<Contender>();
try
{
    foreach (var variant in Enum.GetValues<Variant>())
    {
        contenders.Add(await Contender.StartAsync(variant, keys.FullName));
    }

    var rounds = pages.ToDictionary(static page => page, static _ => new List<Measurement[]>());
    for (var round = -WarmUps; round < Rounds; round++)
    {
        foreach (var page in pages)
        {
            var measured = new List<Measurement>();
            for (var turn = 0; turn < contenders.Count; turn++)
            {
                // Each round begins with another: what disturbs the machine for a while shall not meet the same one each time.
                var contender = contenders[(WarmUps + round + turn) % contenders.Count];
                measured.Add(await Measurement.RunAsync(contender, page));
            }

            if (round >= 0)
            {
                rounds[page].Add([.. measured]);
            }
        }
    }

    foreach (var page in pages)
    {
        Report.Print(page, rounds[page]);
    }
}
finally
{
    foreach (var contender in contenders)
    {
        await contender.DisposeAsync();
    }

    keys.Delete(recursive: true);
}
