using System.Globalization;
using RedisMemory;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Rounds = 3;

Console.WriteLine($"{Load.Entries:N0} entries of {Load.PayloadBytes:N0} bytes; used_memory of INFO memory, after less before; median of {Rounds} servers each");
Console.WriteLine();
Console.WriteLine("| expiration         | RedisCache, bytes an entry | Larder, bytes an entry | ratio |");
Console.WriteLine("|--------------------|---------------------------:|-----------------------:|------:|");
foreach (var shape in Load.Shapes)
{
    var microsofts = await MedianAsync(Writers.RedisCacheAsync, shape);
    var larders = await MedianAsync(Writers.LarderAsync, shape);
    Console.WriteLine($"| {shape.Name,-18} | {microsofts / Load.Entries,26:N0} | {larders / Load.Entries,22:N0} | {larders / microsofts,5:0.00} |");
}

static async Task<double> MedianAsync(Func<string, Shape, Task> write, Shape shape)
{
    var measured = new List<long>();
    for (var round = 0; round < Rounds; round++)
    {
        measured.Add(await ServerMemory.OfAsync(server => write(server, shape)));
    }

    measured.Sort();
    return measured[Rounds / 2];
}
