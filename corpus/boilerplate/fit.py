#!/usr/bin/env python3
"""Fits the weights of filter/judge/context.c; writes filter/tables/context_weights.inc.

  fit.py CELLS PAGES QUIET [-o TABLE] [--epochs N] [--seed N]

CELLS  build/context_cells, which measures lines as the filter does, so that the two cannot differ
PAGES  pages as text with their main text marked: JSON lines with raw, gold and host, and, where
       known, title, gold_comments (neither kept nor dropped), type
QUIET  text that never was a web page, all of which stays: JSON lines with kind and text; see
       quiet.py

Needs numpy, some five minutes and 2 GB. The result depends on numpy's sums, which differ a little
from machine to machine: the table that ships is the one that was measured, and is kept.

How it is fitted:
- A line is main text when it is a line of the main text, or half of its 4-word runs are found
  there; boilerplate when less than a fifth are; else nobody says. A line weighs the square root of
  its words: lines of one word count, but less than paragraphs.
- Each page is also seen as a text browser prints it: bulleted, with empty lines, wrapped.
- Main text weighs more than boilerplate, and more on kinds of page where it is list-like; so do
  quiet texts of short lines.
- Of each piece of text some cells are hidden at random, so that nothing hangs on one of them.
- The thresholds are those at which DEFAULT_LOST and STRICT_LOST of the main text are lost on pages
  of hosts that were not fitted on.
"""

import argparse, collections, json, random, re, subprocess, sys, unicodedata, zlib

import numpy as np

F = np.float32
TRAITS, AROUND, HIDDEN = 24, 8, 24
AHEAD = [(1, 1), (2, 3), (4, 8)]  # context.c: gather
FADES = [2, 3, 5, 8]
FULL, TRAIT_SCALE, SUM_SCALE = 255, 255 * 4, 1024
DEFAULT_LOST, STRICT_LOST = 0.006, 0.065  # shares of the main text, on hosts not fitted on
KIND_WEIGHT = dict(
    listing=8, forum=5, collection=6, service=4, product=2, labels=3, headed=3, messages=2
)
PLACE = 14  # the cell whose lowest bit says that the line is a known phrase
WORDS, LAST, SENTENCE_WORDS, SENTENCE_ENDS = 0, 3, 4, [6, 7, 8, 9, 10, 22]  # context.c: is_sentence
SENTENCE_MARGIN = 1
PHRASE_REACH = 64  # context.h: CONTEXT_PHRASE_REACH
GAP = 8  # empty rows between documents: nothing is seen across them

# --- labels

WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+"
)


def words(text):
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


def runs(w, n=4):
    return collections.Counter(zip(*[w[i:] for i in range(n)]) if len(w) >= n else [tuple(w)])


def tidy(text):
    return [re.sub(r"\s+", " ", line).strip() for line in text.split("\n")]


def label_of(w, lines, talk_lines, gold_runs, talk_runs):
    """1 main text, -1 boilerplate, 0 neither."""
    key = " ".join(w)
    if key in lines:
        return 1
    if len(w) < 4:
        return 0 if key in talk_lines else -1
    mine = runs(w)
    total = sum(mine.values())
    main = sum(n for r, n in mine.items() if r in gold_runs)
    talk = sum(n for r, n in mine.items() if r in talk_runs)
    if main >= 0.5 * total:
        return 1
    return 0 if talk >= 0.5 * total or main + talk >= 0.2 * total else -1


def labelled(page):
    """The page's lines as [(text, label, words)]."""
    gold = (page.get("gold") or "") + "\n" + (page.get("title") or "")
    talk = page.get("gold_comments") or ""
    lines = {" ".join(words(x)) for x in gold.split("\n")}
    talk_lines = {" ".join(words(x)) for x in talk.split("\n")}
    gold_runs, talk_runs = runs(words(page.get("gold") or "")), runs(words(talk))
    gold_text = " " + " ".join(words(gold)) + " "
    text = [(x, words(x)) for x in tidy(page["raw"])]
    copies = collections.Counter(" ".join(w) for _, w in text)
    out = []
    for x, w in text:
        label = label_of(w, lines, talk_lines, gold_runs, talk_runs) if w else 0
        weight = len(w)
        key = " ".join(w)
        if label == 1 and copies[key] > 1:  # a title that stands thrice is needed once
            weight *= min(1, max(1, gold_text.count(" " + key + " ")) / copies[key])
        if x:
            out.append((x, label, weight))
    return out


# --- a page as a text browser prints it


def wrapped(line, label, weight, width=78):
    parts, now = [], ""
    for w in line.split(" "):
        if now and len(now) + len(w) >= width:
            parts.append(now)
            now = w
        else:
            now = (now + " " + w).strip()
    parts.append(now)
    return [(p, label, weight * len(p) / len(line)) for p in parts]


def short_run(items, rng, bulleted, bullet, out):
    """A run of short lines: as a list, on one line, or plain."""
    if not bulleted and len(items) > 1 and rng.random() < 0.25 and len({x[1] for x in items}) == 1:
        out.append((" ".join(x[0] for x in items), items[0][1], sum(x[2] for x in items)))
        return
    nested = False
    for text, label, weight in items:
        nested ^= rng.random() < 0.15
        mark = "" if not bulleted else "□ " if nested and rng.random() < 0.5 else bullet
        out.append((mark + text, label, weight))
        if rng.random() < 0.03:
            out.append((rng.choice(["•", "[ ]", "[Search]", "|", "[" + text[:20] + "]"]), -1, 1))


def browser_dump(page, rng):
    out, i = [], 0
    bullet = rng.choice(["• ", "* ", "• "])
    listy, gappy, wrap = rng.random() * 0.9, rng.random(), rng.random() < 0.12

    def gap():
        if out and out[-1][0]:
            out.append(("", 0, 0))

    while i < len(page):
        j = i
        while j < len(page) and len(page[j][0].split()) <= 7:
            j += 1
        if j - i < 3:
            text, label, weight = page[i]
            if rng.random() < gappy:
                gap()
            out += wrapped(text, label, weight) if wrap and len(text) > 80 else [page[i]]
            if len(text) > 60 and rng.random() < gappy:
                gap()
            i += 1
            continue
        while i < j:
            n = min(j - i, rng.choice([1, 2, 3, 5, 8, 13, 20]))
            gap()
            short_run(page[i : i + n], rng, rng.random() < listy, bullet, out)
            i += n
    return out


# --- the data


class Data:
    """Documents one after another: cells, labels and weights of their lines."""

    def __init__(self, tool, docs, kinds):
        text = b"".join(
            b"\f\n" + b"".join(x[0].encode("utf8", "replace") + b"\n" for x in d) for d in docs
        )
        out = subprocess.run(
            [tool], input=text.replace(b"\r", b" "), capture_output=True, check=True
        ).stdout
        width, *self.sizes = json.loads(
            subprocess.run([tool, "--sizes"], capture_output=True, check=True).stdout
        )
        self.cells = np.frombuffer(out, np.uint8).reshape(-1, width)
        rows = [x for d in docs for x in d if x[0]]
        self.label = np.array([x[1] for x in rows], np.int8)
        self.weight = np.array([x[2] for x in rows], F)
        self.count = np.array([sum(1 for x in d if x[0]) for d in docs])
        self.kind = np.repeat(np.array(kinds), self.count)
        assert len(self.cells) == len(rows)

    def part(self, chosen):
        """The documents chosen, by a flag for each."""
        p = object.__new__(Data)
        rows = np.repeat(chosen, self.count)
        p.sizes, p.count = self.sizes, self.count[chosen]
        p.cells, p.label, p.weight, p.kind = (
            a[rows] for a in (self.cells, self.label, self.weight, self.kind)
        )
        return p

    def pieces(self, rng, length=480, before=96, batch=12000):
        """Batches of pieces [(first row seen, end, first row scored)], shuffled if `rng`."""
        cut, start = [], 0
        for n in self.count:
            for a in range(0, n, length):
                cut.append((start + max(0, a - before), start + min(n, a + length), start + a))
            start += n
        if rng is not None:
            cut = [cut[i] for i in rng.permutation(len(cut))]
        now, size = [], 0
        for piece in cut:
            now.append(piece)
            size += piece[1] - piece[0]
            if size >= batch:
                yield now
                now, size = [], 0
        if now:
            yield now


class Batch:
    """Pieces laid out with GAP empty rows between them."""

    def __init__(self, data, pieces, weight):
        n = GAP + sum(hi - lo + GAP for lo, hi, _ in pieces)
        self.cells = np.zeros((n, data.cells.shape[1]), np.int64)
        self.real, self.spans = np.zeros(n, bool), []
        self.source, self.weight, self.junk = np.full(n, -1), np.zeros(n, F), np.zeros(n, F)
        at = GAP
        for lo, hi, first in pieces:
            end, skip = at + hi - lo, at + first - lo
            self.cells[at:end], self.real[at:end] = data.cells[lo:hi], True
            self.source[skip:end] = np.arange(first, hi)
            self.weight[skip:end], self.junk[skip:end] = weight[first:hi], data.label[first:hi] < 0
            self.spans.append((at, end))
            at = end + GAP


# --- the model: context.c in floating point, where FULL is 1


def ramp_slope(x):
    """Of min(max(x, 0), 1); a little outside, so that nothing is stuck there."""
    return np.where((x > 0) & (x < 1), F(1), F(0.03))


class Model:
    def __init__(self, sizes, seed):
        r = np.random.RandomState(seed)
        self.first = np.cumsum([0] + sizes)[:-1]
        self.rows, self.inputs = sum(sizes), TRAITS + AROUND * (len(AHEAD) + 1 + len(FADES))
        self.p = dict(
            rows=r.normal(0, 0.25, (self.rows, TRAITS)),
            trait_bias=np.full(TRAITS, 0.3),
            mix=r.normal(0, 1.5 / np.sqrt(self.inputs), (self.inputs, HIDDEN)),
            mix_bias=np.full(HIDDEN, 0.4),
            score=r.normal(0, 1, HIDDEN),
            score_bias=np.zeros(1),
        )
        self.p = {k: v.astype(F) for k, v in self.p.items()}
        self.mean, self.square, self.steps = (
            {k: 0 * v for k, v in self.p.items()},
            {k: 0 * v for k, v in self.p.items()},
            0,
        )
        self.smooth = {k: v.copy() for k, v in self.p.items()}
        back = np.arange(600)[:, None] - np.arange(600) - 1
        self.fading = [
            np.where(back >= 0, 2.0**-d * (1 - 2.0**-d) ** np.maximum(back, 0), 0).astype(F)
            for d in FADES
        ]

    def forward(self, b, shown=None):
        n = len(b.cells)
        hot = np.zeros((n, self.rows), F)
        which = np.nonzero(b.real)[0]
        hot.reshape(-1)[(which[:, None] * self.rows + b.cells[which] + self.first).ravel()] = (
            1 if shown is None else shown[which].ravel()
        )
        raw = hot @ self.p["rows"] + self.p["trait_bias"]
        traits = np.clip(raw, 0, 1)
        traits[~b.real] = 0
        x, k = np.zeros((n, self.inputs), F), TRAITS
        x[:, :TRAITS] = traits
        around = traits[:, :AROUND]
        for lo, hi in AHEAD:
            for d in range(lo, hi + 1):
                x[: n - d, k : k + AROUND] += around[d:] / (hi - lo + 1)
            k += AROUND
        x[1:, k : k + AROUND] = around[:-1]
        for fade in self.fading:
            k += AROUND
            for lo, hi in b.spans:
                x[lo:hi, k : k + AROUND] = fade[: hi - lo, : hi - lo] @ around[lo:hi]
        sums = x @ self.p["mix"] + self.p["mix_bias"]
        hidden = np.clip(sums, 0, 1)
        self.kept = hot, raw, x, sums, hidden
        return hidden @ self.p["score"] + self.p["score_bias"]

    def backward(self, b, g):
        """Slopes of the loss by the weights, from those by the scores."""
        hot, raw, x, sums, hidden = self.kept
        n = len(g)
        by = dict(score=hidden.T @ g, score_bias=np.array([g.sum()], F))
        g_sums = g[:, None] * self.p["score"] * ramp_slope(sums)
        by["mix"], by["mix_bias"] = x.T @ g_sums, g_sums.sum(0)
        gx = g_sums @ self.p["mix"].T
        g_traits = gx[:, :TRAITS].copy()
        g_around, k = g_traits[:, :AROUND], TRAITS
        for lo, hi in AHEAD:
            for d in range(lo, hi + 1):
                g_around[d:] += gx[: n - d, k : k + AROUND] / (hi - lo + 1)
            k += AROUND
        g_around[:-1] += gx[1:, k : k + AROUND]
        for fade in self.fading:
            k += AROUND
            for lo, hi in b.spans:
                g_around[lo:hi] += fade[: hi - lo, : hi - lo].T @ gx[lo:hi, k : k + AROUND]
        g_traits *= ramp_slope(raw)
        g_traits[~b.real] = 0
        by["rows"], by["trait_bias"] = hot.T @ g_traits, g_traits.sum(0)
        return by

    def step(self, by, rate, decay):
        """Adam, with decoupled weight decay; the weights used in the end are a running mean."""
        self.steps += 1
        keep = min(0.998, 1 - 1 / (1 + self.steps))
        for k, g in by.items():
            self.mean[k] += 0.1 * (g - self.mean[k])
            self.square[k] += 0.002 * (g * g - self.square[k])
            move = (self.mean[k] / (1 - 0.9**self.steps)) / (
                np.sqrt(self.square[k] / (1 - 0.998**self.steps)) + 1e-9
            )
            self.p[k] -= (
                rate * (move + decay * self.p[k] * (k in ("rows", "mix", "score")))
            ).astype(F)
            self.smooth[k] += F(1 - keep) * (self.p[k] - self.smooth[k])


def fit(data, epochs, seed, batch=12000, rate=4e-3, decay=0.2, hide=0.08):
    rng = np.random.RandomState(seed)
    weight = np.sqrt(np.minimum(data.weight, 80))
    group, _, kind = np.char.partition(data.kind, ":").T
    weight *= np.select([group == "dump", group == "quiet"], [0.6, 1], 1)
    main = data.label > 0
    for k, w in KIND_WEIGHT.items():
        weight[main & (kind == k)] *= w
    weight = np.where(data.label == 0, 0, np.where(main, 2.5 * weight, weight)).astype(F)
    model = Model(data.sizes, seed)
    total = epochs * sum(1 for _ in data.pieces(None, batch=batch))
    for epoch in range(epochs):
        loss = seen = 0
        for pieces in data.pieces(rng, batch=batch):
            b = Batch(data, pieces, weight)
            shown = np.ones(b.cells.shape, F)
            for lo, hi in b.spans:
                shown[lo:hi] *= rng.rand(b.cells.shape[1]) > hide
            p = 1 / (1 + np.exp(-np.clip(model.forward(b, shown), -30, 30)))
            w = b.weight.sum()
            g = (b.weight * (p - b.junk) / w).astype(F)
            pace = max(0.02, 0.5 + 0.5 * np.cos(np.pi * min(1, model.steps / total)))
            model.step(model.backward(b, g), rate * pace, decay)
            loss -= (b.weight * np.log(np.where(b.junk > 0, p, 1 - p) + 1e-9)).sum()
            seen += w
        print("epoch %d: loss %.4f" % (epoch + 1, loss / seen), flush=True)
    model.p = model.smooth
    return model


# --- whole numbers


class Whole:
    """The model as context.c computes it."""

    def __init__(self, model):
        p, n = model.p, np.ones(model.inputs)
        for i, (lo, hi) in enumerate(AHEAD):  # sums there, means here
            n[TRAITS + AROUND * i : TRAITS + AROUND * (i + 1)] = hi - lo + 1
        whole = lambda x, scale: np.round(x * scale).astype(np.int64)
        self.rows, self.trait_bias = whole(p["rows"], TRAIT_SCALE), whole(
            p["trait_bias"], TRAIT_SCALE
        )
        self.mix, self.mix_bias = whole(p["mix"] / n[:, None], SUM_SCALE), whole(
            p["mix_bias"], SUM_SCALE * FULL
        )
        self.score, self.score_bias = whole(p["score"], SUM_SCALE), int(
            whole(p["score_bias"], SUM_SCALE * FULL)[0]
        )
        self.first = model.first
        # context.c relies on this: no sum can overflow, in whatever order
        most = np.abs(self.trait_bias) + sum(
            np.abs(part).max(0) for part in np.split(self.rows, self.first[1:])
        )
        assert most.max() < 2**15, "trait sums"
        most = np.abs(self.mix_bias) + (np.abs(self.mix) * n[:, None] * FULL).sum(0)
        assert most.max() < 2**31 and np.abs(self.mix).max() < 2**15, "hidden sums"
        assert (
            np.abs(self.score).sum() * FULL + abs(self.score_bias) < 2**31
            and np.abs(self.score).max() < 2**15
        )

    def write(self, path, default, strict):
        def array(kind, name, values, size=""):
            out.append("static const %s %s[%s] = {" % (kind, name, size))
            line = "   "
            for v in values:
                if len(line) + len(str(v)) > 97:
                    out.append(line)
                    line = "   "
                line += " %s," % v
            out.extend([line, "};"])

        def table(kind, name, rows):
            """Rows of values; a row begins a line."""
            out.append("static const %s %s = {" % (kind, name))
            for r in rows:
                line = "    {"
                for v in r:
                    if len(line) + len(str(v)) > 97:
                        out.append(line.rstrip())
                        line = "     "
                    line += "%s, " % v
                out.append(line.rstrip(", ") + "},")
            out.append("};")

        out = [
            "/* Generated by corpus/boilerplate/fit.py from pages with their main text marked. Do not edit. */",
            "enum { CONTEXT_TRAITS = %d, CONTEXT_AROUND = %d, CONTEXT_HIDDEN = %d, CONTEXT_FADES = %d };"
            % (TRAITS, AROUND, HIDDEN, len(FADES)),
            "enum { CONTEXT_DEFAULT = %d, CONTEXT_STRICT = %d };" % (default, strict),
        ]
        array("uint8_t", "context_fade", FADES, "CONTEXT_FADES")
        array("uint16_t", "context_first_row", self.first)
        table("int16_t", "context_rows[][CONTEXT_TRAITS]", self.rows)
        array("int16_t", "context_trait_bias", self.trait_bias, "CONTEXT_TRAITS")
        pairs = [
            ["{%d, %d}" % (a, b) for a, b in zip(self.mix[i], self.mix[i + 1])]
            for i in range(0, len(self.mix), 2)
        ]
        out.append("/* Inputs 2i and 2i + 1 stand side by side: they are multiplied together. */")
        table("int16_t", "context_mix[][CONTEXT_HIDDEN][2]", pairs)
        array("int32_t", "context_mix_bias", self.mix_bias, "CONTEXT_HIDDEN")
        array("int16_t", "context_score", self.score, "CONTEXT_HIDDEN")
        out.append("static const int32_t context_score_bias = %d;" % self.score_bias)
        open(path, "w").write("\n".join(out) + "\n")


# --- thresholds


def scores(model, data):
    out, none = np.zeros(len(data.cells), F), np.zeros(len(data.cells), F)
    for pieces in data.pieces(None):
        b = Batch(data, pieces, none)
        s = model.forward(b)
        out[b.source[b.source >= 0]] = s[b.source >= 0]
    return out


def in_reach(data):
    """Whether a phrase stands near enough for the default to drop the line."""
    known = np.concatenate([[0], np.cumsum(data.cells[:, PLACE] & 1)])
    end = np.repeat(np.cumsum(data.count), data.count)
    at, start = np.arange(len(data.cells)), end - np.repeat(data.count, data.count)
    return known[np.minimum(at + GAP + 1, end)] > known[np.maximum(at - PHRASE_REACH, start)]


def is_sentence(data):
    return (data.cells[:, WORDS] >= SENTENCE_WORDS) & np.isin(data.cells[:, LAST], SENTENCE_ENDS)


def threshold(scores, data, lost):
    """The score at which this share of the main text is lost; and the share of the rest."""
    order = np.argsort(-scores, kind="stable")
    main, junk = (np.cumsum(data.weight[order] * (data.label[order] == x)) for x in (1, -1))
    at = min(np.searchsorted(main / main[-1], lost), len(scores) - 1)
    return float(scores[order[at]]), 100 * junk[at] / max(1, junk[-1])


def doc_kinds(data):
    return data.kind[np.cumsum(data.count) - data.count]


def report(scores, data, cut, name):
    for k in sorted(set(data.kind)):
        m = data.weight * (data.kind == k)
        lost, junk = (
            100
            * (m * (scores >= cut) * (data.label == x)).sum()
            / max(1, (m * (data.label == x)).sum())
            for x in (1, -1)
        )
        if lost > 0.01:
            print("  %s, %-28s lost %5.2f %%  junk %5.1f %%" % (name, k, lost, junk))


def load(path):
    with open(path, encoding="utf8") as f:
        return [json.loads(line) for line in f]


def main():
    ap = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ap.add_argument("cells")
    ap.add_argument("pages")
    ap.add_argument("quiet")
    ap.add_argument("-o", default="filter/tables/context_weights.inc")
    ap.add_argument("--epochs", type=int, default=30)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()

    rng, docs, kinds, held = random.Random(a.seed), [], [], []
    for page in load(a.pages):
        lines, kind = labelled(page), page.get("type") or "page"
        docs += [lines, browser_dump(lines, rng)]
        kinds += ["web:" + kind, "dump:" + kind]
        held += [zlib.crc32((page.get("host") or page["id"]).encode()) % 100 < 15] * 2
    for i, quiet in enumerate(load(a.quiet)):
        docs.append([(x, 1, len(words(x))) for x in tidy(quiet["text"])])
        kinds.append("quiet:" + quiet["kind"])
        held.append(i % 100 < 12)
    data = Data(a.cells, docs, kinds)
    held = np.array(held)
    model = fit(data.part(~held), a.epochs, a.seed)

    rest = data.part(held)
    pages, free = np.char.startswith(doc_kinds(rest), "web"), scores(model, rest)
    reach, cuts = np.where(in_reach(rest), free - SENTENCE_MARGIN * is_sentence(rest), -1e9), []
    for name, lost, got in (("default", DEFAULT_LOST, reach), ("strict", STRICT_LOST, free)):
        on_pages = got[np.repeat(pages, rest.count)]
        for other in (0.3, 0.4, 0.5, 0.6, 0.8, 1, 2, 3, 4, 5, 6, 7, 8):
            print(
                "%s: %.1f %% lost at %.2f, %.1f %% of the rest gone"
                % (name, other, *threshold(on_pages, rest.part(pages), other / 100))
            )
        cut = threshold(on_pages, rest.part(pages), lost)[0]
        report(got, rest, cut, name)
        cuts.append(int(round(cut, 2) * SUM_SCALE * FULL))
    Whole(model).write(a.o, *cuts)


if __name__ == "__main__":
    main()
