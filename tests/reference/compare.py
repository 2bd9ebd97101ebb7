"""Holds the command against the reference on random text.

Usage: compare.py [SECONDS [SEED]], with $WINNOW (build/winnow) as the command. Case n of a seed is
always the same; whatever differs is told with its options and text, so that it can be run again.
"""
import functools
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import unicodedata

if not os.path.exists("/usr/share/unicode/auxiliary/SentenceBreakProperty.txt"):
    print("reference: not run here: Unicode's files (Debian's unicode-data) are missing")
    sys.exit(0)

import winnow as reference  # noqa: E402  (reads those files)

COMMAND = os.environ.get("WINNOW", "build/winnow")
COUNTED = {"documents": "documents", "lines_in": "lines_in", "sentences": "sentences",
           "kept": "kept", "repeats": "repeats", "too_short": "too_short",
           "bytes_out": "bytes_out", "phrase": "phrase", "rule": "rule"}

CHOICES = {
    "form": ["nfc", "nfc", "nfd", "nfkc", "nfkd", "none"],
    "no-tidy": [False, False, True],
    "invalid": ["replace", "replace", "drop", "fail"],
    "unit": ["sentence", "sentence", "line", "paragraph", "document"],
    "split": [False, False, True],
    "match": ["exact", "text", "loose"],
    "keep": ["1", "1", "2", "3", "all"],
    "min-words": ["3", "1", "2", "5"],
    "scope": ["stream", "document"],
    "format": ["text", "text", "lines", "nul"],
    "empty": ["keep", "drop"],
    "invert": [False, False, False, True],
    "boilerplate": ["off", "phrases"],
}

WORDS = """the cat sat on mat. Mat? Dr. e.g. etc. 3.14 1,200 950 7 co-op it's it’s "well" «bien» “so”
café cafe CAFÉ Łódź lodz smørrebrød ĳssel ﬁne ﬀ straße STRASSE ſo Ωμέγα ωμεγα ᾳ ΑΙ дом Дом ёлка
елка йод иод Київ привет. при́вет ÆON aeon ἀρχή שלום שָׁלוֹם! السَّلَام؟ हिन्दी क़लम है। ไทย ภาษา คำ ລາວ
မြန်မာ។ ភាសា។ 你好。 谢谢 世界 日本語。 カタカナ ｶﾞﾀ 한국어 ᄒ\u1161\u11ab 각\u11a8 가\u11a7 ½ ② ٣٤ ३ Ⅳ ㎏ © ™ … ‥ — – -- ― ( ) [ ]
a.b .5 !? ?! ... 。」 』 ’ ‘ ` ´ ″ ‽ ; : , ، ؛ @ # ́a \u0315\u0300a é e\u0301 q\u0307\u0323 q\u0323\u0307 ﷺ ǆ Ǆ ǅ İ i̇ ı I""".split()
MARKS = "\u0300\u0301\u0307\u0308\u0315\u0323\u0327\u0345\u035c\u034f\u05b0\u05b4\u064b\u0651" \
    "\u093c\u094d\u0e38\u0e48\u0f71\u0f72\u20dd\u20d0\u3099\u309a\u1ab0\ufe20\u0591\u1d165"
BLANKS = [" ", " ", "  ", "\t", "\u00a0", "\u2003", "\u3000", "\u202f", "\u1680", " \u00a0 "]
ENDS = ["\n", "\n", "\n", "\r\n", "\r", "\n\n", "\n\n\n", "\v", "\f", "\u0085", "\u2028", "\u2029",
        "\r\r\n", " \n", "\n \n", "\n\t\u3000\n"]
HIDDEN = ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u200d", "\u200c", "\u200e", "\u202e", "\ufe0f",
          "\u180e", "\u3164", "\U000e0041"]
CONTROLS = ["\x00", "\x01", "\x07", "\x08", "\x1f", "\x7f", "\x80", "\x9b", "\x1b[31m", "\x1b[0;1",
            "\x1b]0;title\x07", "\x1b]8;;x\x1b\\", "\x1bP1$r", "\x1b(B", "\x1b", "\x1b\x1b[m",
            "\x1b[ q", "\x1b#8", "\x1b^", "\x1b_x"]
BROKEN = [b"\xff", b"\xc0\xaf", b"\xe2\x82", b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
          b"\x80", b"\xe0\x80\x80", b"\xf8\x88", b"\xc2"]
RANGES = [(0x20, 0x7F), (0xA0, 0x250), (0x250, 0x370), (0x370, 0x530), (0x590, 0x700),
          (0x900, 0xE00), (0xE00, 0x1100), (0x1100, 0x1200), (0x1780, 0x1800), (0x1E00, 0x2070),
          (0x2070, 0x2C00), (0x2E80, 0x3400), (0x4E00, 0x4E80), (0xA600, 0xAC00), (0xAC00, 0xAD00),
          (0xF900, 0x10000), (0x10000, 0x11000), (0x1D100, 0x1D800), (0x1F100, 0x1F700),
          (0x2F800, 0x2FA20)]


def assigned(c):
    """To Python, and so, by Unicode's stability, to all later versions."""
    return unicodedata.category(c) not in ("Cn", "Cs")


def any_char(r):
    while True:
        c = chr(r.randrange(*r.choice(RANGES)))
        if assigned(c):
            return c


def word(r):
    w = r.choice(WORDS)
    if r.random() < 0.1:
        w = r.choice([w.upper(), w.lower(), w.title(), unicodedata.normalize("NFD", w),
                      unicodedata.normalize("NFKC", w)])
    return w


def sentence(r):
    stop = r.choice(["."] * 4 + ["!", "?", "。", "।", "…", '."', "?)", ""])
    return " ".join(word(r) for _ in range(r.randrange(1, 7))) + stop


def soup(r):
    kind = r.randrange(12)
    if kind < 3:
        return word(r)
    if kind < 5:
        return r.choice(BLANKS)
    if kind == 5:
        return r.choice(ENDS)
    if kind == 6:
        return "".join(r.choice(MARKS) for _ in range(r.choice([1, 1, 2, 3, 12, 40])))
    if kind == 7:
        return r.choice(HIDDEN)
    if kind == 8:
        return r.choice(CONTROLS)
    if kind == 9:
        return r.choice(".?!。") * r.randrange(1, 4)
    return any_char(r)


@functools.lru_cache(None)
def corpus_lines():
    lines = []
    for path in sorted(glob.glob(reference.CORPUS + "/*.txt")):
        with open(path, encoding="utf-8") as file:
            lines += [line.strip() for line in file if line[0] not in "#[\n"]
    return lines


def phrase(r):
    """One of the corpus, more or less as sites write it."""
    line = re.sub("[{]([^}]*)[}]", lambda m: r.choice(m[1].split("|")), r.choice(corpus_lines()))
    line = line.strip("+*").replace("%", " ".join(r.choices(WORDS, k=r.randrange(1, 6))))
    line = line.replace("0", r.choice(["0", "12", "1,204", "3k"]))
    if r.random() < 0.3:
        line = r.choice([line.title(), line.upper(), line + " (3)", line + ":", "» " + line])
    return re.sub(" +", " ", line)


def boilerplate(r):
    """A phrase or a run of them, or nearly."""
    text = r.choice([" ", " | ", ". ", " · "]).join(phrase(r) for _ in range(r.choice([1, 1, 2, 3, 6])))
    if r.random() < 0.2:
        text = r.choice([word(r) + " " + text, text + " " + word(r), text.rsplit(" ", 1)[0]])
    return text + r.choice(["", "", "."])


def make_rules(r, known):
    """Rules that speak of what is in the text: of the whole, of the beginning, of a part of it."""
    lines = ["# rules", ""]
    for _ in range(r.randrange(1, 6)):
        text = r.choice([sentence(r), phrase(r), r.choice(known), word(r)])
        text = re.sub("[\\s\x85\u2028\u2029]+", " ", text).strip(" \\*#!+")
        some = text.split(" ")[:r.randrange(1, 4)]
        text = r.choice([text, " ".join(some)])
        if re.search("[^\\W\\d]", reference.key(text, "loose")) and len(text) < 100:
            lines.append(r.choice(["", "", "!"]) + r.choice(["{}", "{}*", "*{}*"]).format(text))
    return "\n".join(lines) + "\n"


def make_text(r, known):
    """Sentences that come again and again, more or less the same, and what gets between them."""
    wild = r.choice([0, 0.1, 0.5])
    parts = []
    for _ in range(r.randrange(1, 60)):
        if r.random() < wild:
            parts.append(soup(r))
        elif r.random() < 0.8:
            parts.append(r.choice(known))
        else:
            parts.append(sentence(r))
        parts.append(r.choice([" ", " ", "\n", "\n\n", "", r.choice(BLANKS), r.choice(ENDS)]))
    if r.random() < 0.02:
        parts.insert(r.randrange(len(parts)), "".join(r.choices(MARKS, k=2500)))
    parts = [p.encode("utf-8", "surrogatepass") for p in parts]
    if r.random() < 0.3:
        parts.insert(r.randrange(len(parts)), r.choice(BROKEN))
    return parts


def make_case(seed, number):
    r = random.Random(f"{seed} {number}")
    options = {name: r.choice(values) for name, values in CHOICES.items()}
    if options["format"] != "nul":
        options["empty"] = "keep"
    known = [r.choice([sentence, sentence, boilerplate])(r) for _ in range(r.randrange(1, 6))]
    parts = make_text(r, known)
    rules = make_rules(r, known) if r.random() < 0.3 else None
    if options["format"] == "nul":
        parts = [p + b"\0" * (r.random() < 0.2) for p in parts]
    arguments = [f"--{n}" if v is True else f"--{n}={v}" for n, v in options.items() if v]
    return arguments, b"".join(parts), rules


def differences(arguments, data, stats_file, threads):
    want, counts, status = reference.winnow(data, reference.parse(arguments))
    run = subprocess.run([COMMAND, "--sentences=uax29", f"-j{threads}",
                          f"--stats={stats_file}", *arguments], input=data, capture_output=True,
                         check=False)
    wrong = []
    if run.returncode != status:
        wrong.append(f"exit {run.returncode}, not {status}: {run.stderr!r}")
    if run.stdout != want:
        wrong.append(f"output  {run.stdout!r}\n    not     {want!r}")
    if not status and not wrong:
        with open(stats_file, encoding="utf-8") as file:
            got = json.load(file)
        got |= got["boilerplate"]
        wrong += [f"{theirs} {got[theirs]}, not {counts[ours]}"
                  for ours, theirs in COUNTED.items() if got[theirs] != counts[ours]]
    return wrong


def shrunk(arguments, data, stats_file):
    """Less text that differs still: what is told is to be read by a person."""
    size = len(data) // 2
    while size:
        at = 0
        while at < len(data):
            less = data[:at] + data[at + size:]
            if differences(arguments, less, stats_file, 1):
                data = less
            else:
                at += size
        size //= 2
    return data


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 15
    seed = sys.argv[2] if len(sys.argv) > 2 else "winnow"
    reference.corpus_phrases()
    end = time.monotonic() + seconds
    cases = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        stats_file, rules_file = os.path.join(folder, "stats"), os.path.join(folder, "rules")
        while time.monotonic() < end and failed < 5:
            arguments, data, rules = make_case(seed, cases)
            cases += 1
            if rules:
                with open(rules_file, "w", encoding="utf-8") as file:
                    file.write(rules)
                arguments.append(f"--rules={rules_file}")
            if not differences(arguments, data, stats_file, 1 + cases % 2):
                continue
            failed += 1
            less = shrunk(arguments, data, stats_file)
            print(f"reference: case {cases - 1} of seed {seed}: {' '.join(arguments)}")
            print(f"    input   {less!r}")
            if rules:
                print(f"    rules   {rules!r}")
            for wrong in differences(arguments, less, stats_file, 1) or ["only with two threads"]:
                print(f"    {wrong}")
    print(f"reference: {cases} cases, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
