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
- The last weights are fitted for each level by itself: at strict no kind of line weighs more.
- The thresholds are, on pages of hosts that were not fitted on, those at which DEFAULT_LOST of the
  main text is lost, and at which the F1 of words is best.
"""

import argparse, collections, json, random, re, subprocess, sys, unicodedata, zlib

import numpy as np

F = np.float32
TRAITS, AROUND, MEMORY, HIDDEN = 24, 8, 8, 16
AHEAD = [(1, 1), (2, 3), (4, 8)]  # context.c: gather
FULL, TRAIT_SCALE, SUM_SCALE = 255, 255 * 4, 1024
GATES, GATE_STEP = 512, 2**13  # of the table of gates: how many, how far apart
DEFAULT_LOST = 0.0055  # share of the main text, on hosts not fitted on
LEVELS = 2  # default and strict: the last weights are each one's own
KIND_WEIGHT = dict(
    listing=60, forum=16, collection=36, service=20, product=5, labels=3, headed=3, messages=2
)
PHRASE = 12  # the cell that is not 0 where the line is a known phrase
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


# --- pages one after another


def joined(pages, rng):
    """Pages of one kind, those of one site in a row, as [(kind, lines)]: some at a time become one
    text, as if somebody had put their files together."""
    out = []
    for kind in sorted({p[0] for p in pages}):
        row = sorted((p for p in pages if p[0] == kind), key=lambda p: p[1])
        while row:
            n = rng.randint(2, 6)
            between = rng.choice([[], [("", 0, 0)]])
            out.append((kind, [x for page in row[:n] for x in page[2] + between]))
            row = row[n:]
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
        self.source, self.junk = np.full(n, -1), np.zeros((n, 1), F)
        self.weight = np.zeros((n, LEVELS), F)
        at = GAP
        for lo, hi, first in pieces:
            end, skip = at + hi - lo, at + first - lo
            self.cells[at:end], self.real[at:end] = data.cells[lo:hi], True
            self.source[skip:end] = np.arange(first, hi)
            self.weight[skip:end] = weight[first:hi]
            self.junk[skip:end, 0] = data.label[first:hi] < 0
            self.spans.append((at, end))
            at = end + GAP
        # the first lines of all pieces, then the second ones, and so on
        self.steps = [
            np.array([at + i for at, end in self.spans if at + i < end])
            for i in range(max(end - at for at, end in self.spans))
        ]


# --- the model: context.c in floating point, where FULL is 1


def ramp_slope(x):
    """Of min(max(x, 0), 1); a little outside, so that nothing is stuck there."""
    return np.where((x > 0) & (x < 1), F(1), F(0.03))


def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))


def remembered(gate, wish, steps):
    """What is left of the lines before each line: each replaces `gate` of it by its `wish`."""
    past = np.zeros_like(gate)
    for at in steps:
        past[at + 1] = past[at] + gate[at] * (wish[at] - past[at])
    return past


def forgotten(gate, wish, past, g, steps):
    """Slopes by gate and wish, from those by the past of each line."""
    g_gate, g_wish, after = np.zeros_like(gate), np.zeros_like(gate), np.zeros_like(gate)
    for at in reversed(steps):
        late = g[at + 1] + after[at + 1]
        g_gate[at], g_wish[at] = late * (wish[at] - past[at]), late * gate[at]
        after[at] = late * (1 - gate[at])
    return g_gate, g_wish


class Model:
    def __init__(self, sizes, seed):
        r = np.random.RandomState(seed)
        self.first = np.cumsum([0] + sizes)[:-1]
        self.rows, self.shown = sum(sizes), TRAITS + AROUND * (len(AHEAD) + 1)
        self.inputs = self.shown + MEMORY
        self.p = dict(
            rows=r.normal(0, 0.25, (self.rows, TRAITS)),
            trait_bias=np.full(TRAITS, 0.3),
            mix=r.normal(0, 1.5 / np.sqrt(self.inputs), (self.inputs, HIDDEN)),
            mix_bias=np.full(HIDDEN, 0.4),
            gate=r.normal(0, 0.5 / np.sqrt(self.shown), (self.shown, MEMORY)),
            gate_bias=np.linspace(-3, -0.5, MEMORY),
            wish=r.normal(0, 1.5 / np.sqrt(self.shown), (self.shown, MEMORY)),
            wish_bias=np.full(MEMORY, 0.4),
            score=np.repeat(r.normal(0, 1, (HIDDEN, 1)), LEVELS, 1),
            score_bias=np.zeros(LEVELS),
        )
        self.p = {k: v.astype(F) for k, v in self.p.items()}
        self.mean, self.square, self.steps = (
            {k: 0 * v for k, v in self.p.items()},
            {k: 0 * v for k, v in self.p.items()},
            0,
        )
        self.smooth = {k: v.copy() for k, v in self.p.items()}

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
        shown = x[:, : self.shown]
        gate = sigmoid(shown @ self.p["gate"] + self.p["gate_bias"])
        wish = shown @ self.p["wish"] + self.p["wish_bias"]
        x[:, self.shown :] = remembered(gate, np.clip(wish, 0, 1), b.steps)
        sums = x @ self.p["mix"] + self.p["mix_bias"]
        hidden = np.clip(sums, 0, 1)
        self.kept = hot, raw, gate, wish, x, sums, hidden
        return hidden @ self.p["score"] + self.p["score_bias"]

    def backward(self, b, g):
        """Slopes of the loss by the weights, from those by the scores."""
        hot, raw, gate, wish, x, sums, hidden = self.kept
        n = len(g)
        by = dict(score=hidden.T @ g, score_bias=g.sum(0))
        g_sums = g @ self.p["score"].T * ramp_slope(sums)
        by["mix"], by["mix_bias"] = x.T @ g_sums, g_sums.sum(0)
        gx = g_sums @ self.p["mix"].T
        shown, past = np.split(x, [self.shown], 1)
        g_gate, g_wish = forgotten(gate, np.clip(wish, 0, 1), past, gx[:, self.shown :], b.steps)
        g_gate *= gate * (1 - gate)
        g_wish *= ramp_slope(wish)
        by["gate"], by["gate_bias"] = shown.T @ g_gate, g_gate.sum(0)
        by["wish"], by["wish_bias"] = shown.T @ g_wish, g_wish.sum(0)
        gx[:, : self.shown] += g_gate @ self.p["gate"].T + g_wish @ self.p["wish"].T
        g_traits = gx[:, :TRAITS].copy()
        g_around, k = g_traits[:, :AROUND], TRAITS
        for lo, hi in AHEAD:
            for d in range(lo, hi + 1):
                g_around[d:] += gx[: n - d, k : k + AROUND] / (hi - lo + 1)
            k += AROUND
        g_around[:-1] += gx[1:, k : k + AROUND]
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
                rate * (move + decay * self.p[k] * (not k.endswith("bias")))
            ).astype(F)
            self.smooth[k] += F(1 - keep) * (self.p[k] - self.smooth[k])


def line_weights(data):
    """What each line weighs in fitting, at each level."""
    group, _, kind = np.char.partition(data.kind, ":").T
    weight = np.select([group == "dump", group == "quiet"], [0.6, 1], 1) * (data.label != 0)
    strict = weight * np.minimum(data.weight, 80) ** 0.5
    default, main = strict.copy(), data.label > 0
    for k, w in KIND_WEIGHT.items():
        default[main & (kind == k)] *= w
    default[main] *= 2.5
    return np.stack([default, strict], 1).astype(F)


def fit(data, epochs, seed, batch=12000, rate=4e-3, decay=0.2, hide=0.08):
    rng = np.random.RandomState(seed)
    weight = line_weights(data)
    model = Model(data.sizes, seed)
    total = epochs * sum(1 for _ in data.pieces(None, batch=batch))
    for epoch in range(epochs):
        loss = seen = 0
        for pieces in data.pieces(rng, batch=batch):
            b = Batch(data, pieces, weight)
            shown = np.ones(b.cells.shape, F)
            for lo, hi in b.spans:
                shown[lo:hi] *= rng.rand(b.cells.shape[1]) > hide
            p = sigmoid(model.forward(b, shown))
            w = b.weight.sum(0)
            g = (b.weight * (p - b.junk) / w).astype(F)
            pace = max(0.02, 0.5 + 0.5 * np.cos(np.pi * min(1, model.steps / total)))
            model.step(model.backward(b, g), rate * pace, decay)
            loss -= (b.weight * np.log(np.where(b.junk > 0, p, 1 - p) + 1e-9)).sum(0)
            seen += w
        print("epoch %d: loss %.4f, %.4f" % (epoch + 1, *loss / seen), flush=True)
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
        turn = np.concatenate([p["gate"], p["wish"]], 1)
        half = GATES * GATE_STEP / 2 / SUM_SCALE / FULL  # the table begins at 0
        turn_bias = np.concatenate([p["gate_bias"] + half, p["wish_bias"]])
        self.turn, self.turn_bias = whole(turn / n[: model.shown, None], SUM_SCALE), whole(
            turn_bias, SUM_SCALE * FULL
        )
        at = (np.arange(GATES) + 0.5) * GATE_STEP / SUM_SCALE / FULL - half
        self.gate = whole(sigmoid(at), 2**16 - 1)
        self.mix, self.mix_bias = whole(p["mix"] / n[:, None], SUM_SCALE), whole(
            p["mix_bias"], SUM_SCALE * FULL
        )
        self.score, self.score_bias = whole(p["score"].T, SUM_SCALE), whole(
            p["score_bias"], SUM_SCALE * FULL
        )
        self.first = model.first
        # context.c relies on this: no sum can overflow, in whatever order
        most = np.abs(self.trait_bias) + sum(
            np.abs(part).max(0) for part in np.split(self.rows, self.first[1:])
        )
        assert most.max() < 2**15, "trait sums"
        for by, bias in ((self.turn, self.turn_bias), (self.mix, self.mix_bias)):
            most = np.abs(bias) + (np.abs(by) * n[: len(by), None] * FULL).sum(0)
            assert most.max() < 2**31 and np.abs(by).max() < 2**15, "hidden sums"
        most = np.abs(self.score).sum(1) * FULL + np.abs(self.score_bias)
        assert most.max() < 2**31 and np.abs(self.score).max() < 2**15, "scores"

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
            "/* Generated by corpus/boilerplate/fit.py from pages with their main text marked. "
            "Do not edit. */",
            "enum { CONTEXT_TRAITS = %d, CONTEXT_AROUND = %d };" % (TRAITS, AROUND),
            "enum { CONTEXT_MEMORY = %d, CONTEXT_HIDDEN = %d };" % (MEMORY, HIDDEN),
            "enum { CONTEXT_DEFAULT = %d, CONTEXT_STRICT = %d };" % (default, strict),
            "enum { CONTEXT_GATES = %d };" % GATES,
        ]
        array("uint16_t", "context_first_row", self.first)
        table("int16_t", "context_rows[][CONTEXT_TRAITS]", self.rows)
        array("int16_t", "context_trait_bias", self.trait_bias, "CONTEXT_TRAITS")
        out.append("/* Inputs 2i and 2i + 1 stand side by side: they are multiplied together. */")
        for name, by, bias in (
            ("turn", self.turn, self.turn_bias),
            ("mix", self.mix, self.mix_bias),
        ):
            pairs = [
                ["{%d, %d}" % (a, b) for a, b in zip(by[i], by[i + 1])]
                for i in range(0, len(by), 2)
            ]
            table("int16_t", "context_%s[][CONTEXT_HIDDEN][2]" % name, pairs)
            array("int32_t", "context_%s_bias" % name, bias, "CONTEXT_HIDDEN")
        array("uint16_t", "context_gate", self.gate, "CONTEXT_GATES")
        out.append("/* At default, and at strict. */")
        table("int16_t", "context_score[][CONTEXT_HIDDEN]", self.score)
        array("int32_t", "context_score_bias", self.score_bias)
        open(path, "w").write("\n".join(out) + "\n")


# --- thresholds


def scores(model, data):
    out, none = np.zeros((len(data.cells), LEVELS), F), np.zeros((len(data.cells), LEVELS), F)
    for pieces in data.pieces(None):
        b = Batch(data, pieces, none)
        s = model.forward(b)
        out[b.source[b.source >= 0]] = s[b.source >= 0]
    return out


def in_reach(data):
    """Whether a phrase stands near enough for the default to drop the line."""
    known = np.concatenate([[0], np.cumsum(data.cells[:, PHRASE] > 0)])
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


def best_threshold(scores, data):
    """The best F1, counted in words, and its score."""
    order = np.argsort(-scores, kind="stable")
    main, junk = (np.cumsum(data.weight[order] * (data.label[order] == x)) for x in (1, -1))
    found = main[-1] - main
    f1 = 2 * found / (found + junk[-1] - junk + main[-1])
    return f1.max(), float(scores[order[f1.argmax()]])


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
    ap.add_argument("--epochs", type=int, default=20)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()

    rng, docs, kinds, held, pages = random.Random(a.seed), [], [], [], ([], [])
    for page in load(a.pages):
        lines, kind = labelled(page), page.get("type") or "page"
        host = page.get("host") or page["id"]
        docs += [lines, browser_dump(lines, rng)]
        kinds += ["web:" + kind, "dump:" + kind]
        held += [zlib.crc32(host.encode()) % 100 < 15] * 2
        pages[held[-1]].append((kind, host, lines))
    for away in (False, True):
        for kind, text in joined(pages[away], rng):
            docs.append(text)
            kinds.append("join:" + kind)
            held.append(away)
    for i, quiet in enumerate(load(a.quiet)[::3]):  # a third is enough
        docs.append([(x, 1, len(words(x))) for x in tidy(quiet["text"])])
        kinds.append("quiet:" + quiet["kind"])
        held.append(i % 100 < 12)
    data = Data(a.cells, docs, kinds)
    held = np.array(held)
    model = fit(data.part(~held), a.epochs, a.seed)

    rest = data.part(held)
    pages, (default, strict) = np.char.startswith(doc_kinds(rest), "web"), scores(model, rest).T
    default = np.where(in_reach(rest), default - SENTENCE_MARGIN * is_sentence(rest), -1e9)
    known = rest.cells[:, PHRASE] > 0  # gone already
    strict = np.where(known, 1e9, strict)
    rows = np.repeat(pages, rest.count)
    for lost in (0.3, 0.4, 0.5, 0.6, 0.8, 1, 2, 3):
        print(
            "default: %.1f %% lost at %.2f, %.1f %% of the rest gone"
            % (lost, *threshold(default[rows], rest.part(pages), lost / 100))
        )
    best = best_threshold(strict[rows], rest.part(pages))
    print("strict: F1 %.4f at %.2f" % best)
    cuts = threshold(default[rows], rest.part(pages), DEFAULT_LOST)[0], best[1]
    for name, got, cut in (("default", default, cuts[0]), ("strict", strict, cuts[1])):
        report(got, rest, cut, name)
    Whole(model).write(a.o, *(int(round(cut, 2) * SUM_SCALE * FULL) for cut in cuts))


if __name__ == "__main__":
    main()
