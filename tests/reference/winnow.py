"""A slow, obvious winnow: the contract of the README in Python, to hold the filter against.

It knows text, lines and NUL-ended documents, the boundaries of UAX #29, all match levels, units,
scopes and counts, and what goes as phrase or rule. It does not know boilerplate by context, prose,
or lines of more than 1 MiB. What Unicode says is read from its own files (Debian's unicode-data);
normal forms are Python's.

Usage: winnow.py [--OPTION=VALUE]... < text, with winnow's names for options
"""
import bisect
import functools
import glob
import os
import re
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

UNICODE = "/usr/share/unicode"


@dataclass
class Options:
    form: str = "nfc"
    no_tidy: bool = False
    invalid: str = "replace"
    unit: str = "sentence"
    split: bool = False
    match: str = "text"
    keep: str = "1"
    min_words: int = 3
    scope: str = "stream"
    format: str = "text"
    empty: str = "keep"
    invert: bool = False
    boilerplate: str = "off"
    rules: str = ""


# ---- What Unicode says ----------------------------------------------------------------------

def read_property(path, name=None):
    """{code point: value} of a file of properties; of one that has several, those of `name`."""
    values = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = [f.strip() for f in line.split("#")[0].split(";")]
            if len(fields) < 2 or (name and fields[1] != name):
                continue
            first, _, last = fields[0].partition("..")
            for c in range(int(first, 16), int(last or first, 16) + 1):
                values[c] = fields[2] if name else fields[1]
    return values


SENTENCE_BREAK = read_property(UNICODE + "/auxiliary/SentenceBreakProperty.txt")
CASEFOLD = {c: "".join(chr(int(x, 16)) for x in to.split())
            for c, to in read_property(UNICODE + "/DerivedNormalizationProps.txt", "NFKC_CF").items()}


# ---- Text: repair, tidy, normal form --------------------------------------------------------

BLANK = "\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
INVISIBLE = "\u00ad\u2060\ufeff"
LINE_END = "\r\n|[\n\r\v\f\u0085\u2028\u2029]"
# ECMA-48. What is cut off goes as far as it went.
ESCAPE = re.compile("\x1b(?:"
                    "\\[[0-?]*[ -/]*[@-~]?|"
                    "[]PX^_][^\x07\x1b\n\r\v\f\u0085\u2028\u2029]*(?:\x07|\x1b\\\\)?|"
                    "[ -/]*[0-~]?)")
CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
MARKS_MOST = 1024


def is_unspaced(c):
    """A letter or a mark of Thai, Lao, Burmese or Khmer."""
    n = ord(c)
    return (0xE00 <= n <= 0xEFF or 0x1000 <= n <= 0x109F or 0x1780 <= n <= 0x17FF
            or 0xA9E0 <= n <= 0xA9FF or 0xAA60 <= n <= 0xAA7F) and unicodedata.category(c)[0] in "LM"


def separates(text, at):
    """Whether the zero-width space at `at` stands beside a letter of a script without blanks."""
    before = [c for c in text[:at] if c not in INVISIBLE and not unicodedata.combining(c)]
    after = [c for c in text[at + 1:] if c not in INVISIBLE]
    return bool(before and is_unspaced(before[-1])
                or after and is_unspaced(after[0]) and not unicodedata.combining(after[0]))


def without_invisible(text):
    kept = []
    at = 0
    while at < len(text):
        escape = ESCAPE.match(text, at)
        if escape:
            at = escape.end()
            continue
        c = text[at]
        gone = CONTROL.match(c) or c in INVISIBLE or c == "\u200b" and not separates(text, at)
        if not gone:
            kept.append(c)
        at += 1
    return "".join(kept)


def stream_safe(text, form):
    """UAX #15, D4, with a limit of its own."""
    out = []
    marks = 0
    for c in text:
        classes = [unicodedata.combining(d) for d in unicodedata.normalize(form, c)]
        starters = [i for i, k in enumerate(classes) if k == 0]
        leading = starters[0] if starters else len(classes)
        if marks + leading > MARKS_MOST:
            out.append("\u034f")
            marks = 0
        marks = len(classes) - 1 - starters[-1] if starters else marks + len(classes)
        out.append(c)
    return "".join(out)


def normal(text, form):
    if form == "none":
        return text
    decomposed = "NFKD" if "k" in form else "NFD"
    return unicodedata.normalize(form.upper(), stream_safe(text, decomposed))


@dataclass
class Line:
    text: str
    ends: bool          # a line end follows
    gap: bool = False   # empty lines stood before it
    spans: list = field(default_factory=list)
    why: str = ""       # the whole line goes, as "phrase" or "rule"
    stay: bool = False  # a rule protects a part of it


def tidied(text):
    return re.sub("[" + BLANK + "\r\v\f\u0085\u2028\u2029]+", " ", text).strip(" ")


def read_lines(text, o):
    """The lines of a document that have text, or not tidying all; and how many it has in all."""
    ends = "\n" if o.no_tidy else "\r\n|\n" if o.format == "lines" else LINE_END
    pieces = re.split(ends, text)
    if o.no_tidy:
        pieces = [normal(p, o.form) for p in pieces]
    else:
        pieces = [tidied(normal(without_invisible(p), o.form)) for p in pieces]
    last = len(pieces) - 1
    lines, gap = [], False
    for i, p in enumerate(pieces):
        if p or o.no_tidy and i < last:
            lines.append(Line(p, i < last, gap and not o.no_tidy))
        gap = not p
    return lines, last + bool(pieces[last])


# ---- Sentences: UAX #29 ---------------------------------------------------------------------

LETTERS = {"Sep": "P", "CR": "C", "LF": "N", "Sp": "s", "ATerm": "A", "STerm": "S", "Close": "c",
           "SContinue": "t", "Numeric": "0", "Upper": "U", "Lower": "L", "OLetter": "O",
           "Extend": "e", "Format": "e"}
SB8_BEFORE = re.compile("Ac*s*$")
SB8_AFTER = re.compile("[^OULPCNAS]*L")
ENDED = re.compile("[AS]c*s*$")
SB9 = re.compile("[AS]c*$")
SB11 = re.compile("[AS]c*s*[PCN]?$")


def is_boundary(before, after):
    """SB3 to SB998, between two stretches of classes from which SB5 took its own."""
    if before[-1] == "C" and after[0] == "N":
        return False                                                        # SB3
    if before[-1] in "PCN":
        return True                                                         # SB4
    if before[-1] == "A" and after[0] == "0":
        return False                                                        # SB6
    if before[-2:] in ("UA", "LA") and after[0] == "U":
        return False                                                        # SB7
    if SB8_BEFORE.search(before) and SB8_AFTER.match(after):
        return False                                                        # SB8
    if ENDED.search(before) and after[0] in "tAS":
        return False                                                        # SB8a
    if SB9.search(before) and after[0] in "csPCN":
        return False                                                        # SB9
    if ENDED.search(before) and after[0] in "sPCN":
        return False                                                        # SB10
    return bool(SB11.search(before))                                        # SB11, SB998


def sentences(text):
    classes, starts = "", []
    for i, c in enumerate(text):
        k = LETTERS.get(SENTENCE_BREAK.get(ord(c)), "o")
        if k == "e" and classes and classes[-1] not in "PCN":
            continue                                                        # SB5
        classes += k
        starts.append(i)
    found = [0]
    for i in range(1, len(classes)):
        behind = max((classes.rfind(p, 0, i) for p in "PCNAS"), default=0)
        if behind >= 0 and is_boundary(classes[max(0, behind - 1):i], classes[i:]):
            found.append(starts[i])
    return [text[a:b] for a, b in zip(found, found[1:] + [len(text)])]


SPACES = "\t\n\v\f\r \u0085\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + \
    "\u2028\u2029\u202f\u205f\u3000"


def trimmed(text, pieces):
    """(start, end) of each piece without the blanks around it."""
    spans, at = [], 0
    for p in pieces:
        start = at + len(p) - len(p.lstrip(SPACES))
        at += len(p)
        if p.strip(SPACES):
            spans.append((start, start + len(p.strip(SPACES))))
    return spans


# ---- What is the same -----------------------------------------------------------------------

SINGLE = set("'`\u00b4\u02bb\u02bc\u02bd\u1fbd\u1fbf\u2018\u2019\u201a\u201b\u2032\u2035\u2039"
             "\u203a\u275b\u275c\u275f")
DOUBLE = set('"\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\u2036\u275d\u275e\u2760\u276e\u276f'
             "\u2e42\u300c\u300d\u300e\u300f\u301d\u301e\u301f")
WAVES = set("\u301c\u3030\u30a0")
TYPED = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ŧ": "t"}
JOINTS = ".,'\u066b\u066c"


def plain_sign(c):
    """Quotes, dashes and blanks as they are typed; None for what is none of these."""
    if c in SINGLE:
        return "'"
    if c in DOUBLE:
        return '"'
    if c == "\u2212" or unicodedata.category(c) == "Pd" and c not in WAVES:
        return "-"
    return " " if c in SPACES else None


def folded_char(c):
    sign = plain_sign(c)
    if sign:
        return sign
    return "".join(plain_sign(d) or d for d in CASEFOLD.get(ord(c), c))


def fold_text(text):
    """NFKC_Casefold (D146), what is invisible gone first; then signs alike. Decomposed."""
    seen = "".join(c for c in text if CASEFOLD.get(ord(c)) != "")
    folded = "".join(folded_char(c) for c in unicodedata.normalize("NFD", seen))
    folded = re.sub("-+", "-", re.sub(" +", " ", folded))
    return unicodedata.normalize("NFD", folded).strip(" ")


def in_ranges(c, *ranges):
    return any(a <= ord(c) < b for a, b in ranges)


def is_accent(c):
    return c != "\u0345" and in_ranges(c, (0x300, 0x370), (0x1AB0, 0x1B00), (0x1DC0, 0x1E00),
                                       (0x20D0, 0x2100), (0xFE20, 0xFE30))


def accent_goes(base, mark):
    if not is_accent(mark):
        return False
    if in_ranges(base, (0x400, 0x530), (0x1C80, 0x1C90), (0xA640, 0xA6A0)):
        stress = mark in "\u0300\u0301\u030f\u0311" and base not in "гк"
        return stress or mark == "\u0308" and base == "е"
    return base in "0 " or base.isascii() and base.isalpha() or \
        in_ranges(base, (0xC0, 0x2B0), (0x370, 0x400), (0x1D00, 0x1DC0), (0x1E00, 0x2000),
                  (0x2C60, 0x2C80), (0xA720, 0xA800), (0xAB30, 0xAB70))


def loose_chars(text):
    """Digits as 0, signs as blanks but for what may join digits, letters as typed, accents off."""
    out, base = [], " "
    for c in text:
        kind = unicodedata.category(c)
        if unicodedata.combining(c):
            if not accent_goes(base, c):
                out.append(c)
            continue
        if kind in ("Nd", "No"):
            new = base = "0"
        elif kind[0] in "PS":
            new, base = c if c in JOINTS else " ", " "
        else:
            new = TYPED.get(c, c)
            base = new[-1]
        out.append(new)
    return "".join(out)


def fold_loose(text):
    chars = loose_chars(fold_text(text))
    numbers = re.sub("0+(?:[" + JOINTS + "]0+)*", "0", chars)
    return re.sub("[ " + JOINTS + "]+", " ", numbers).strip(" ")


def key(text, match):
    folded = {"exact": lambda t: t, "text": fold_text, "loose": fold_loose}[match](text)
    return folded or text


UNSPACED = [(0xE00, 0x10A0), (0x1780, 0x1800), (0x1950, 0x1A00), (0x1A20, 0x1AB0),
            (0x1B00, 0x1B80), (0x2E80, 0x3130), (0x31A0, 0xA4D0), (0xA980, 0xAA00),
            (0xAA60, 0xAAE0), (0xF900, 0xFB00), (0xFF66, 0xFFA0), (0x16FE0, 0x1B300),
            (0x20000, 0x323B0)]
UNSPACED_FIRST = [a for a, _ in UNSPACED]


def is_unspaced_letter(c):
    i = bisect.bisect(UNSPACED_FIRST, ord(c)) - 1
    return i >= 0 and ord(c) < UNSPACED[i][1] and unicodedata.category(c)[0] == "L"


def words(text):
    runs = re.split("[" + re.escape(SPACES) + "]+", text.strip(SPACES))
    return sum(max(1, sum(map(is_unspaced_letter, run)) // 2) for run in runs if run)


# ---- Phrases and rules ----------------------------------------------------------------------

CORPUS = os.path.join(os.path.dirname(__file__), "../../corpus/boilerplate")
LOOKED_UP = 400         # bytes: what is longer is no phrase
SIGN = "\u0255"         # stands for the copyright sign, the one that stays
COPYRIGHT = re.compile("\u00a9|(?:(?<=^)|(?<= ))\\([cC]\\)(?= ?[0-9])")
LETTER_WORDS = [(0xE00, 0x10C0), (0x1780, 0x1800), (0x3040, 0x3100), (0x31C0, 0x3200),
                (0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x110000)]
NAME = "%"              # of one to four words


def fold_phrase(text):
    if len(text.encode()) > LOOKED_UP:
        return key(text, "loose")
    signed = COPYRIGHT.sub(lambda m: SIGN + " " * (len(m[0]) > 1), text)
    return key(signed, "loose")


def is_letter_word(c):
    return in_ranges(c, *LETTER_WORDS)


def phrase_words(folded):
    """Its words: letters of scripts without blanks are one each, numbers in a row are one."""
    found = []
    for run in folded.split(" "):
        part = ""
        for c in run:
            if is_letter_word(c):
                found += [part, c]
                part = ""
            else:
                part += c
        found.append(part)
    found = ["0" if w in ("0", "0k", "0m") else w for w in found if w]
    return [w for i, w in enumerate(found) if w != "0" or i == 0 or found[i - 1] != "0"]


def alternatives(text):
    """What the braces of a line of the corpus make."""
    parts = [p.split("|") for p in re.split("[{}]", text)]
    made = [""]
    for i, part in enumerate(parts):
        made = [m + p for m in made for p in (part if i % 2 else ["|".join(part)])]
    return made


@functools.lru_cache(100000)
def part_words(part):
    """What stands between blanks folds alone."""
    return phrase_words(fold_loose(part))


class Phrases:
    """{words: kinds}: "whole", "open", "anywhere", "weak", and the same behind "stay". Those with
    names are in lists, by what stands before the first name."""

    def __init__(self, corpus):
        self.corpus = corpus
        self.kinds = {}
        self.named = {}
        self.longest = 0

    def add_line(self, line):
        line = line.strip(" \t")
        if not line or line[0] == "#" or self.corpus and line[0] == "[":
            return
        stay = line[0] == "!"
        line = line[stay:].lstrip(" \t")
        weak = self.corpus and line[:1] == "+"
        line = line[weak:].lstrip(" \t")
        first = line[:1] == "*"
        line = line[first:].lstrip(" \t")
        last = line[-1:] == "*" and line[-2:-1] != "\\"
        line = line[:-1].rstrip(" \t") if last else line
        if line[:1] == "\\" and line[1:2] in tuple("#!*\\"):
            line = line[1:]
        kind = "anywhere" if first else "open" if last else "weak" if weak else "whole"
        for one in alternatives(line) if self.corpus else [line]:
            self.add(one, "stay " + kind if stay else kind)

    def add(self, phrase, kind):
        found = []
        for i, part in enumerate(phrase.split(NAME) if self.corpus else [phrase]):
            found += [NAME] * (i > 0)
            if COPYRIGHT.search(part):
                found += phrase_words(fold_phrase(part.strip()))
            else:
                found += [w for p in part.split() for w in part_words(p)]
        found = found or phrase_words(fold_phrase(phrase.strip()))
        said = tuple(w for i, w in enumerate(found) if w != "0" or i == 0 or found[i - 1] != "0")
        if NAME in said and said not in self.kinds:
            self.named.setdefault(said[:said.index(NAME)], []).append(said)
        self.kinds.setdefault(said, set()).add(kind)
        self.longest = max(self.longest, len(said))

    def begin_at(self, text, at):
        """(end, kind) of each phrase that stands in the words of `text` from `at` on."""
        for end in range(at + 1, min(len(text), at + self.longest) + 1):
            here = tuple(text[at:end])
            for kind in self.kinds.get(here, ()):
                yield end, kind
            for phrase in self.named.get(here, ()):
                for named_end in ends(phrase, text, at):
                    for kind in self.kinds[phrase]:
                        yield named_end, kind


def ends(phrase, text, at):
    """Where a phrase that begins at `at` may end: names are of several lengths."""
    found = {at}
    for w in phrase:
        if w == NAME:
            found = {f + n for f in found for n in range(1, 5) if f + n <= len(text)}
        else:
            found = {f + 1 for f in found if f < len(text) and text[f] == w}
    return sorted(found)


def better(a, b):
    """Of two ways to cover the same words, in pieces (strong, weak)."""
    if b is None:
        return a
    if (a[0] > 0 and not a[1]) != (b[0] > 0 and not b[1]):
        return a if a[0] > 0 and not a[1] else b
    if a[0] > 0 and not a[1]:
        return a if a[0] < b[0] else b
    return max(a, b)


def is_run(strong, weak):
    """Weak phrases say nothing but together, or beside enough others."""
    return weak >= 5 if not strong else not weak or strong + weak >= 4


def ask(phrases, text):
    """What a sentence or a line is to them: "gone", "stay" or None."""
    folded = fold_phrase(text)
    if len(text.encode()) > LOOKED_UP:
        return ask_long(phrases, phrase_words(folded))
    if len(folded.encode()) > LOOKED_UP or folded[0] == " ":
        return None
    said = phrase_words(folded)
    covered = [(0, 0)] + [None] * len(said)
    starred = False
    for at, w in enumerate(said):
        here = covered[at]
        if at and here and w == "0":
            covered[at + 1] = better(here, covered[at + 1])
        for end, kind in phrases.begin_at(said, at):
            if kind == "stay anywhere" or at == 0 and kind == "stay open" or \
                    at == 0 and kind == "stay whole" and end == len(said):
                return "stay"
            starred = starred or kind == "anywhere" or kind == "open" and here is not None
            if here and kind in ("whole", "weak"):
                more = (here[0] + (kind == "whole"), here[1] + (kind == "weak"))
                covered[end] = better(more, covered[end])
    return "gone" if starred or said and covered[-1] and is_run(*covered[-1]) else None


def ask_long(phrases, said):
    answer = None
    for at in range(len(said)):
        for _, kind in phrases.begin_at(said, at):
            if kind == "stay anywhere" or at == 0 and kind == "stay open":
                return "stay"
            if kind == "anywhere" or at == 0 and kind == "open":
                answer = "gone"
    return answer


@functools.lru_cache(None)
def corpus_phrases():
    return read_phrases(sorted(glob.glob(CORPUS + "/*.txt")), True)


def read_phrases(paths, corpus=False):
    phrases = Phrases(corpus)
    for path in paths:
        with open(path, encoding="utf-8", newline="\n") as file:
            for line in file:
                phrases.add_line(line.rstrip("\n"))
    return phrases


# ---- Verdicts -------------------------------------------------------------------------------

@dataclass
class Span:
    start: int
    end: int
    gone: bool = False
    why: str = ""       # "phrase" or "rule"
    stay: bool = False  # a rule protects it


def find_spans(lines, o):
    for line in lines:
        if o.unit == "sentence" or o.split or o.boilerplate != "off" or o.rules:
            pieces = sentences(line.text)
            line.spans = [Span(a, b) for a, b in trimmed(line.text, pieces)]
        elif line.text.strip(SPACES):
            line.spans = [Span(0, len(line.text))]


def joined(lines):
    """A unit's text as it is written."""
    text = ""
    for i, line in enumerate(lines):
        text += ("\n" if i and line.gap else "") + line.text + ("\n" if i + 1 < len(lines) else "")
    return text


def units(lines, o):
    """(text, its spans, its lines), in order."""
    if o.unit == "sentence":
        return [(line.text[s.start:s.end], [s], [line]) for line in lines for s in line.spans]
    blocks = []
    for line in lines:
        alone = o.unit == "line" or o.format == "lines" or not blocks
        if o.unit == "paragraph" and not alone:
            alone = line.gap or not line.spans or not blocks[-1][-1].spans
        if alone:
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return [(joined(b), [s for line in b for s in line.spans], b) for b in blocks
            if any(line.spans for line in b)]


class Judge:
    def __init__(self, o):
        self.o = o
        self.seen = Counter()
        self.stats = Counter()
        self.rules = read_phrases([o.rules]) if o.rules else None
        self.phrases = corpus_phrases() if o.boilerplate != "off" else None

    def apply_rules(self, line):
        """To the line; to its sentences alone where it is a paragraph of many."""
        whole = None
        if len(line.text.encode()) <= LOOKED_UP or len(line.spans) == 1:
            whole = ask(self.rules, line.text)
        if whole == "gone":
            line.why = "rule"
        for s in line.spans:
            answer = whole
            if whole != "stay" and len(line.spans) > 1:
                answer = ask(self.rules, line.text[s.start:s.end])
            s.why = "rule" if answer == "gone" else ""
            s.stay = answer == "stay"
        line.stay = whole == "stay" or any(s.stay for s in line.spans)

    def find_phrases(self, line):
        """The line as a whole, else its sentences; one word is a phrase only where it is a line."""
        if len(line.text.encode()) <= LOOKED_UP and not line.why and ask(self.phrases, line.text):
            line.why = "phrase"
        for s in line.spans if not line.why and len(line.spans) > 1 else []:
            text = line.text[s.start:s.end]
            if not s.why and len(text.encode()) <= LOOKED_UP and words(text) >= 2 and \
                    ask(self.phrases, text):
                s.why = "phrase"

    def mark(self, line):
        if not line.spans:
            return
        if self.rules:
            self.apply_rules(line)
        if self.phrases and not all(s.stay for s in line.spans):
            self.find_phrases(line)
        for s in line.spans:
            s.why = "" if s.stay else line.why or s.why

    def repeated(self, text):
        k = key(text, self.o.match)
        self.seen[k] += 1
        return self.seen[k] > int(self.o.keep)

    def unit(self, text, spans, lines):
        """`lines`: those it stands on, whole, unless it is a sentence."""
        o = self.o
        self.stats["sentences"] += len(spans)
        if o.unit == "sentence":
            known = bool(spans[0].why)
        else:
            known = o.unit == "line" and bool(lines[0].why) and not lines[0].stay
        compared = o.keep != "all" and words(text) >= o.min_words
        repeat = not known and compared and self.repeated(text)
        if o.keep != "all" and not compared and not known and not spans[0].why:
            self.stats["too_short"] += 1
        for s in spans:
            s.gone = repeat or bool(s.why)
            self.stats[s.why or ("repeats" if repeat else "kept")] += 1

    def document(self, lines):
        groups = [[line] for line in lines] if self.o.format == "lines" else [lines]
        for line in lines:
            self.mark(line)
        for group in groups:
            for text, spans, block in units(group, self.o):
                self.unit(text, spans, block)
            if self.o.scope == "document":
                self.seen.clear()


# ---- Writing --------------------------------------------------------------------------------

class Writer:
    def __init__(self, o):
        self.o = o
        self.out = bytearray()
        self.any = self.gap = self.owes_end = False

    def put(self, text):
        self.out += text.encode()

    def write(self, line, text):
        if self.owes_end:
            self.put("\n")
        if self.gap and self.any:
            self.put("\n")
        self.put(text + ("\n" if line.ends else ""))
        self.any, self.gap, self.owes_end = True, False, not line.ends

    def line(self, line):
        o = self.o
        self.gap = self.gap or line.gap and not o.invert
        stay = [s for s in line.spans if s.gone == o.invert]
        if not line.spans and not o.invert or len(stay) == len(line.spans) > 0 and not o.split:
            self.write(line, line.text)
        elif stay and o.split:
            self.write(line, "\n".join(line.text[s.start:s.end] for s in stay))
        elif stay:
            self.write(line, self.part(line))

    def part(self, line):
        """What stays, each span behind its blanks; the first without, if any went before it."""
        text, at = "", 0
        for i, s in enumerate(line.spans):
            end = len(line.text) if i + 1 == len(line.spans) else s.end
            if s.gone == self.o.invert:
                text += line.text[s.start if not text and i else at:end]
            at = end
        return text

    def end_document(self, nul):
        if self.o.format != "nul" or not self.any and self.o.empty == "drop":
            return
        self.any = self.gap = self.owes_end = False
        if nul:
            self.put("\0")


# ---- The whole ------------------------------------------------------------------------------

def good_prefix(data, o):
    """Under --invalid=fail: what stands before the line in error, and whether there is one."""
    try:
        for part in data.split(b"\0") if o.format == "nul" else [data]:
            part.decode()
        return data, False
    except UnicodeDecodeError:
        pass
    at, ends = 0, b"\n" if o.no_tidy or o.format == "lines" else b"\r\n"
    if o.format == "nul":
        ends += b"\0"
    for part in re.split(b"(?<=[" + ends + b"])", data):
        try:
            part.decode()
        except UnicodeDecodeError:
            return data[:at], True
        at += len(part)
    raise AssertionError("a line is in error, but none is")


def winnow(data, o):
    """(output, statistics, exit status) of the command."""
    judge, writer, status = Judge(o), Writer(o), 0
    if o.invalid == "fail":
        data, bad = good_prefix(data, o)
        status = int(bad)
    documents = data.split(b"\0") if o.format == "nul" else [data]
    if not documents[-1]:
        documents.pop()
    for i, raw in enumerate(documents):
        text = raw.decode(errors="ignore" if o.invalid == "drop" else "replace")
        lines, count = read_lines(text, o)
        find_spans(lines, o)
        judge.document(lines)
        judge.stats["lines_in"] += count
        for line in lines:
            writer.line(line)
        nul = o.format == "nul" and (i + 1 < len(documents) or data.endswith(b"\0"))
        writer.end_document(nul)
        judge.stats["documents"] += 1
    if o.format == "lines":
        judge.stats["documents"] = judge.stats["lines_in"]
    judge.stats["bytes_out"] = len(writer.out)
    if status and o.format == "nul":
        del writer.out[writer.out.rfind(b"\0") + 1:]   # whole records alone are written
    return bytes(writer.out), judge.stats, status


def parse(arguments):
    """Options by winnow's names; what this program always does is taken without a word."""
    o = Options()
    for a in arguments:
        name, _, value = a[2:].partition("=")
        name = name.replace("-", "_")
        if name == "sentences":
            continue
        kind = type(getattr(o, name))
        setattr(o, name, True if kind is bool else kind(value))
    return o


if __name__ == "__main__":
    result, _, exit_status = winnow(sys.stdin.buffer.read(), parse(sys.argv[1:]))
    sys.stdout.buffer.write(result)
    sys.exit(exit_status)
