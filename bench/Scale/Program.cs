using System.Globalization;
using Scale.Entries;
using Scale.Nodes;
using Scale.Tags;

// Three tables, about five minutes. The words of args choose tables; "to <number>" ends the first at so many entries.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] tables = [.. args.Where(static word => word is "entries" or "nodes" or "tags")];
if (IsChosen("entries"))
{
    var to = Array.IndexOf(args, "to");
    await EntriesTable.PrintAsync(to < 0 ? 10_000_000 : int.Parse(args[to + 1], CultureInfo.InvariantCulture));
}

if (IsChosen("nodes"))
{
    await NodesTable.PrintAsync();
}

if (IsChosen("tags"))
{
    await TagsTable.PrintAsync();
}

bool IsChosen(string table) => tables.Length == 0 || tables.Contains(table);
