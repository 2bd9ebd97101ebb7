# Draws the table that tests/bench/repeats prints as an SVG: ns a key against the keys held, the
# latter on a logarithmic scale.
#     awk -f tests/bench/plot.awk tests/bench/repeats.txt > tests/bench/repeats.svg
function x(keys) { return 60 + 600 * log(keys / 1e6) / log(200) }
function y(ns) { return 270 - ns * 250 / 200 }
function line(points, colour) {
    printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", points, colour
}
function text(at_x, at_y, anchor, words) {
    printf "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\">%s</text>\n", at_x, at_y, anchor, words
}
NR == 1 {
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 320\" font-family=\"sans-serif\" font-size=\"13\">"
    print "<rect width=\"720\" height=\"320\" fill=\"white\"/>"
    for (ns = 0; ns <= 200; ns += 50) {
        printf "<path d=\"M60 %.0fH660\" stroke=\"#ddd\"/>\n", y(ns)
        text(52, y(ns) + 4, "end", ns)
    }
    split("1 2 5 10 20 50 100 200", ticks, " ")
    for (i = 1; i in ticks; i++)
        text(x(ticks[i] * 1e6), 290, "middle", ticks[i])
    text(360, 312, "middle", "million keys held")
    text(60, 14, "start", "ns a key")
    next
}
{
    new = new sprintf("%.1f,%.1f ", x($1), y($2))
    known = known sprintf("%.1f,%.1f ", x($1), y($3))
    last_new = y($2)
    last_known = y($3)
}
END {
    line(new, "#b03030")
    line(known, "#3050b0")
    text(664, last_new + 4, "start", "new")
    text(664, last_known + 4, "start", "known")
    print "</svg>"
}
