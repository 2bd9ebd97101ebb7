#!/usr/bin/env python3
"""How fast winnow is: every stage alone, the whole, and beside other programs, in one run.

  make bench [TEXTS="FILE..."] [SIZE=64M]

TEXTS  what is measured on: UTF-8, named in the tables by their file's name; without any, three
       texts that texts.py makes
SIZE   so much of each text is taken, or made

Other programs are measured where they are found, on PATH or by this Python:
  apt-get install mawk icu-devtools; cargo install runiq huniq; pip install datatrove nltk spacy

Writes results.md and results.svg beside this file, and the first table and the plot into README.md.
How it is measured is said in results.md, above each table.
"""
import datetime, os, pathlib, platform, re, subprocess, sys

import plot, texts
from programs import (ALL_CORES, ALL_OF_IT, BUILD, CAT, CORES, DATATROVE, LEAST_ROUNDS, OURS, PEERS,
                      ROUNDS, WINNOW, YARDSTICKS, best, in_turn, measure_datatrove, say, versioned,
                      works)

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
START_ROUNDS = 40
SEEN_MILLIONS = 1, 2, 5, 10, 20

# --- the table of programs


class Results:
    """Costs by program and text; rates are of the bytes that each was given."""

    def __init__(self, paths):
        self.paths, self.rows, self.about = paths, {}, {}

    def add(self, program, text, cost, size=None):
        self.about[program.name] = program.about
        self.rows.setdefault(program.name, {})[text] = (size or self.size(text), cost)

    def size(self, text):
        return self.paths[text].stat().st_size

    def rate(self, name, text):
        """Bytes a second of wall time; None: not measured."""
        size, cost = self.rows[name].get(text, (0, None))
        return size / cost.seconds if size else None

    def cpu(self, name):
        """Seconds of CPU time a GB, over all its texts."""
        rows = self.rows[name].values()
        return 1e9 * sum(c.cpu for _, c in rows) / sum(size for size, _ in rows)

    def ratio(self, name, to):
        """Its wall time to that of another, over all its texts."""
        mine = sum(self.size(t) / self.rate(name, t) for t in self.rows[name])
        return mine / sum(self.size(t) / self.rate(to, t) for t in self.rows[name])


def measure_programs(paths):
    """The results, and the names of those that are not here."""
    results = Results(paths)
    here = [p for p in PEERS if works(p)]
    missing = [p.name for p in PEERS if p not in here]
    programs = OURS + YARDSTICKS + [versioned(p) for p in here]
    for text, path in paths.items():
        say("programs on " + text)
        for p, costs in in_turn(programs, path, ROUNDS).items():
            cost = best(costs)
            if not p.cold or cost.read > path.stat().st_size // 2:  # else it stayed in memory
                results.add(p, text, cost)
    first = next(iter(paths))
    say("datatrove")
    found = measure_datatrove(paths[first])
    if found:
        version, cost, size = found
        results.add(DATATROVE._replace(name="datatrove (%s)" % version), first, cost, size)
    else:
        missing.append(DATATROVE.name)
    return results, missing


def number(x):
    return "" if x is None else "%.1f" % x if x < 10 else "%.0f" % x


def times(x):
    return ("x%.2f" if x < 10 else "x%.0f") % x


def table(head, rows):
    """Markdown; the first column is words, the others numbers unless the head says `:words`."""
    rule = ["---" if i == 0 or h.endswith(":words") else "--:" for i, h in enumerate(head)]
    lines = [[h.removesuffix(":words") for h in head], rule, *rows]
    return "".join("| %s |\n" % " | ".join(line) for line in lines)


def program_table(results):
    head = ["program, MB/s", *results.paths, "CPU s/GB", "time", "what it does:words"]
    rows = []
    for name in results.rows:
        rates = [results.rate(name, t) for t in results.paths]
        cells = [number(r and r / 1e6) for r in rates]
        cells += [number(results.cpu(name)), times(results.ratio(name, ALL_OF_IT.name))]
        rows.append([name, *cells, results.about[name]])
    return table(head, rows)


# --- the stages, by the programs in C


def output(program, *arguments):
    return subprocess.check_output([BUILD / "tests/bench" / program, *arguments], text=True)


def stage_table(paths):
    columns = []
    for text, path in paths.items():
        say("stages on " + text)
        lines = [line.split("\t") for line in output("stages", path).splitlines()]
        columns.append({name: "%.2f (%.0f)" % (float(rate), float(ns)) for name, rate, ns in lines})
    rows = [[name, *(c[name] for c in columns)] for name in columns[0]]
    return table(["stage, GB/s (ns a sentence)", *paths], rows)


def kernel_table():
    """What `text` says, two lines a sample: the kernels, the one in use last; the stage's forms."""
    say("kernels")
    lines = output("text").splitlines()
    rows = []
    for kernels, forms in zip(lines[::2], lines[1::2]):
        head, *rates = re.split(r" (?:ascii|utf8|marks) ", kernels.rsplit("  ", 1)[1])
        rows.append([kernels[:18].strip(), *rates, *re.findall(r"\d+\.\d+", forms)])
    names = re.findall(r"([A-Za-z+ ]+?) \d+\.\d+", lines[1].strip())
    kernel = head.rstrip(":")
    return table(["GB/s", *(kernel + " " + k for k in ("ASCII", "UTF-8", "marks")),
                  *(n.strip() for n in names)], rows)


def seen_table(path):
    say("the seen set")
    lines = output("repeats", path, str(SEEN_MILLIONS[-1])).splitlines()
    rows = [line.split() for line in lines if re.fullmatch(r"[\d. ]+", line)]
    wanted = [r for r in rows if int(r[0]) // 10**6 in SEEN_MILLIONS]
    cells = [["%d M" % (int(k) / 1e6), new, known, size] for k, new, known, size, _ in wanted]
    return table(["sentences held", "ns a new one", "ns a repeat", "bytes each"], cells)


def start_table():
    say("start-up")
    line = BUILD / "bench/line.txt"
    line.write_text("One short sentence goes here.\n")
    costs = in_turn([ALL_OF_IT, ALL_CORES, CAT], line, START_ROUNDS)
    rows = []
    for p, c in costs.items():
        ms = sorted(1e3 * x.seconds for x in c)
        rows.append([p.name, "%.2f" % ms[0], "%.2f" % ms[len(ms) // 2]])
    return table(["one short line", "ms, best", "ms, median"], rows)


# --- the report


def machine():
    """What it was measured on; no names of hosts."""
    model = "CPU not named"
    if os.path.exists("/proc/cpuinfo"):
        found = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
        model = found[1].strip() if found else model
    kernel = re.match(r"[\d.]*", platform.release())[0]
    said = subprocess.run([*os.environ.get("CC", "cc").split(), "--version"], capture_output=True,
                          text=True).stdout
    compiler = said.splitlines()[0] if said else "compiler not named"
    return "%s, %d cores; %s %s; %s" % (model, CORES, platform.system(), kernel, compiler)


def heading(load, size):
    ours = subprocess.check_output([WINNOW, "--version"], text=True).splitlines()[0]
    return "%s, %s. %s; load before the run %.1f. At most %.0f MB of each text.\n" % (
        ours, datetime.date.today(), machine(), load, size / 1e6)


PROGRAMS = """\
Wall time, best of {least} to {rounds} runs that took turns, from a file into nothing. *time*: as
many times `winnow -j1`'s, over the texts. CPU seconds are user's and system's, of all threads. Of
the others only uconv repairs and normalises text, only datatrove knows sentences, and none knows a
site's own lines. An empty cell: the program failed, or the file stayed in memory when it should be
*cold*.
"""
MISSING = "Not found or not working here, so not in the table: {}.\n"
STAGES = """\
## Every stage alone

One thread, CPU time, best of 5 passes over batches of 256 KiB that go through all stages, as in the
pipeline; GB of input. At default only lines near a known phrase meet the context; here all do. Not
measured alone: framing, the judge's order, the writer. *whole*: the library from memory to nowhere.
"""
KERNELS = """\
## The text kernels and the text stage

One thread, CPU time, words of a sentence or two in random order. *ASCII* finds the next byte that
is not, so in other scripts it is called anew for every byte.
"""
SEEN = """\
## A sentence, as the seen set grows

Made-up keys, sixteen asked for ahead.
"""
START = """\
## From start to end

With what it takes to start any process.
"""
UNMEASURED = """\
## What this does not say

- Peers that drop lines do less than `winnow` (see their row), and what they drop differs.
- *cold* is this system's page cache emptied of the file; disks and hosts have caches of their own.
- Memory is not measured here, but for the seen set's. Other machines, networks and files larger
  than memory are not measured at all.
- text-dedup and datatrove's MinHash compare whole documents, and are no peers of a sentence filter.
"""


def write_report(results, missing, head, sections):
    missing = MISSING.format(", ".join(missing)) if missing else ""
    rounds = PROGRAMS.format(least=LEAST_ROUNDS, rounds=ROUNDS)
    first = "\n".join(filter(None, (head, rounds, program_table(results), missing)))
    body = "\n".join([first, *sections, UNMEASURED])
    (HERE / "results.md").write_text("# Speed\n\nMade by `make bench`.\n\n" + body, encoding="utf8")
    (HERE / "results.svg").write_text(plot.dots(results), encoding="utf8")
    put_between(ROOT / "README.md", "<!-- make bench: -->\n", "<!-- :make bench -->\n",
                first + "\n![MB/s of each program](tests/bench/results.svg)\n")


def put_between(path, begin, end, text):
    before, rest = path.read_text(encoding="utf8").split(begin)
    after = rest.split(end)[1]
    path.write_text(before + begin + text + end + after, encoding="utf8")


def main(given):
    load, size = os.getloadavg()[0], texts.size_of(os.environ.get("SIZE") or "64M")
    folder = BUILD / "bench/texts"
    folder.mkdir(parents=True, exist_ok=True)
    say("texts")
    if given:
        files = [pathlib.Path(x) for x in given]
        paths = {x.stem: texts.cut(x, folder / x.name, size) for x in files}
    else:
        paths = texts.make_all(ROOT / "corpus/articles", folder, size)
    results, missing = measure_programs(paths)
    sections = [STAGES, stage_table(paths), KERNELS, kernel_table(), SEEN,
                seen_table(next(iter(paths.values()))), START, start_table()]
    write_report(results, missing, heading(load, size), sections)
    print((HERE / "results.md").read_text(encoding="utf8"))


if "--help" in sys.argv:
    print(__doc__)
else:
    main(sys.argv[1:])
