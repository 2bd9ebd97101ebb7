"""The plot of `make bench`: a row for each program, a dot for each text, on a logarithmic axis."""
import html, math

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 760, 190, 24, 62, 22, 44
MIDDLE = ' text-anchor="middle" class="small"'
SHAPES = 4  # texts beyond are drawn as the first ones are again

STYLE = """\
svg { font: 13px system-ui, sans-serif; }
.own { font-weight: 600; } .small { font-size: 12px; }
.page { fill: #ffffff; } text { fill: #24292f; }
.grid { stroke: #d8dee4; } .span { stroke: #afb8c1; stroke-width: 2; }
.t0 { fill: #0969da; } .t1 { fill: #bc4c00; } .t2 { fill: #1a7f37; } .t3 { fill: #8250df; }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117; } text { fill: #e6edf3; }
.grid { stroke: #30363d; } .span { stroke: #6e7681; }
.t0 { fill: #58a6ff; } .t1 { fill: #f0883e; } .t2 { fill: #3fb950; } .t3 { fill: #bc8cff; }
}
"""


def text(x, y, words, more=""):
    return '<text x="%.1f" y="%.1f"%s>%s</text>' % (x, y, more, html.escape(words))


def mark(x, y, which):
    """Texts are told apart by shape as well as by colour."""
    kind = 'class="t%d"' % (which % SHAPES)
    return [
        '<circle %s cx="%.1f" cy="%.1f" r="5"/>' % (kind, x, y),
        '<rect %s x="%.1f" y="%.1f" width="9" height="9"/>' % (kind, x - 4.5, y - 4.5),
        '<path %s d="M%.1f %.1fl6 10h-12z"/>' % (kind, x, y - 6),
        '<path %s d="M%.1f %.1fl6 6l-6 6l-6 -6z"/>' % (kind, x, y - 6),
    ][which % SHAPES]


def amount(rate):
    return "%g GB/s" % (rate / 1e9) if rate >= 1e9 else "%g MB/s" % (rate / 1e6)


class Axis:
    def __init__(self, rates):
        self.low, self.high = math.floor(math.log10(min(rates))), math.ceil(math.log10(max(rates)))

    def __call__(self, rate):
        share = (math.log10(rate) - self.low) / (self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def ticks(self):
        return [10.0**i for i in range(self.low, self.high + 1)]


def row(axis, y, name, rates):
    own = ' class="own"' if name.startswith("winnow") else ""
    out = [text(LEFT - 12, y + 4.5, name, ' text-anchor="end"' + own)]
    known = [axis(r) for r in rates if r]
    out.append('<path class="span" d="M%.1f %.1fH%.1f"/>' % (min(known), y, max(known)))
    return out + [mark(axis(r), y, i) for i, r in enumerate(rates) if r]


def legend(names):
    x, out = LEFT, []
    for i, name in enumerate(names):
        out += [mark(x, 24, i), text(x + 11, 28.5, name)]
        x += 34 + 7.2 * len(name)
    return out


def dots(results):
    rates = {name: [results.rate(name, t) for t in results.paths] for name in results.rows}
    axis = Axis([r for row_rates in rates.values() for r in row_rates if r])
    bottom = TOP + ROW * len(rates)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img">'
           % (WIDTH, bottom + FOOT),
           "<title>MB/s of each program on each text</title>", "<style>%s</style>" % STYLE,
           '<rect class="page" width="100%" height="100%"/>', *legend(results.paths)]
    for tick in axis.ticks():
        out.append('<path class="grid" d="M%.1f %dV%d"/>' % (axis(tick), TOP - 16, bottom))
        out.append(text(axis(tick), bottom + 18, amount(tick), MIDDLE))
    for i, name in enumerate(rates):
        out += row(axis, TOP + ROW * i, name, rates[name])
    out.append(text(LEFT, bottom + 37, "of text read, by wall time; each step of the axis is ten "
                    "times the one before", ' class="small"'))
    return "\n".join(out) + "\n</svg>\n"
