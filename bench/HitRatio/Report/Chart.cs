using System.Globalization;
using System.Text;

namespace HitRatio.Report;

/// <summary>Figures as small charts side by side, in an SVG that is readable on a light and on a dark page.</summary>
internal sealed class Chart(IReadOnlyList<string> policies)
{
    private const int Columns = 4;
    private const int PanelWidth = 200;
    private const int PanelHeight = 170;
    private const int Left = 34;
    private const int Top = 28;
    private const int PlotWidth = PanelWidth - Left - 14;
    private const int PlotHeight = PanelHeight - Top - 30;
    private const int Head = 40;
    private const int Width = Columns * PanelWidth;

    private const string Style = """
        text { font: 11px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600 } .axis { fill: #57606a; font-size: 9px }
        .grid { stroke: #d0d7de; stroke-width: .5 } polyline { fill: none; stroke-width: 1.5; stroke-linejoin: round }
        .p0 { stroke: #d1242f; stroke-width: 2.5 } .p1 { stroke: #0969da } .p2 { stroke: #8250df } .p3 { stroke: #9a6700 } .p4 { stroke: #6e7781 } .p5 { stroke: #1a7f37; stroke-dasharray: 3 2 }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .axis { fill: #9198a1 } .grid { stroke: #3d444d }
        .p0 { stroke: #ff7b72 } .p1 { stroke: #58a6ff } .p2 { stroke: #bc8cff } .p3 { stroke: #e3b341 } .p4 { stroke: #9198a1 } .p5 { stroke: #3fb950 } }
        """;

    private readonly StringBuilder _body = new();
    private int _height;

    /// <summary>Adds a row of charts, one a workload.</summary>
    public void Add(string title, IEnumerable<Figure> figures)
    {
        var panels = figures.GroupBy(figure => figure.Workload).ToArray();
        Text(0, _height + 24, title, "title");
        for (var i = 0; i < panels.Length; i++)
        {
            _body.Append(CultureInfo.InvariantCulture, $"""<g transform="translate({i % Columns * PanelWidth},{_height + Head + (i / Columns * PanelHeight)})">""").Append('\n');
            Panel(panels[i].Key, [.. panels[i]]);
            _body.Append("</g>\n");
        }

        _height += Head + (((panels.Length + Columns - 1) / Columns) * PanelHeight);
    }

    public void Save(string file)
    {
        var legend = string.Concat(policies.Select((policy, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"""<polyline class="p{i}" points="{i * 130},12 {(i * 130) + 22},12"/><text x="{(i * 130) + 27}" y="16">{policy}</text>""")));
        File.WriteAllText(file, string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {_height + 30}" role="img" aria-label="Hit ratio by size of the cache">
            <style>{Style}</style>
            {legend}
            <g transform="translate(0,26)">
            {_body}</g>
            </svg>

            """));
    }

    private void Panel(string name, IReadOnlyList<Figure> figures)
    {
        Text(Left, 14, name, string.Empty);
        var highest = Math.Max(0.1, Math.Ceiling(figures.Max(figure => figure.Ratios.Max()) * 10) / 10);
        for (var line = 0; line <= 4; line++)
        {
            var y = Y(highest * line / 4, highest);
            _body.Append(CultureInfo.InvariantCulture, $"""<path class="grid" d="M{Left} {y:0.#}H{Left + PlotWidth}"/>""");
            Text(2, y + 3, $"{100 * highest * line / 4:0.#} %", "axis");
        }

        for (var i = 0; i < figures.Count; i++)
        {
            Text(X(i, figures.Count) - 7, Top + PlotHeight + 14, $"{figures[i].Percent} %", "axis");
        }

        // The first policy last: its line lies above the others.
        for (var policy = policies.Count - 1; policy >= 0; policy--)
        {
            var points = figures.Select((figure, i) => string.Create(CultureInfo.InvariantCulture, $"{X(i, figures.Count):0.#},{Y(figure.Ratios[policy], highest):0.#}"));
            _body.Append(CultureInfo.InvariantCulture, $"""<polyline class="p{policy}" points="{string.Join(' ', points)}"/>""").Append('\n');
        }
    }

    private void Text(double x, double y, string text, string style) =>
        _body.Append(CultureInfo.InvariantCulture, $"""<text x="{x:0.#}" y="{y:0.#}" class="{style}">{text}</text>""").Append('\n');

    private static double X(int index, int count) => Left + 6 + ((PlotWidth - 12.0) * index / Math.Max(1, count - 1));

    private static double Y(double ratio, double highest) => Top + (PlotHeight * (1 - (ratio / highest)));
}
