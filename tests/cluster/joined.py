#!/usr/bin/env python3
"""Shards of many small inputs, joined, against one run over each: text, statistics and drops.

Inputs are made to be awkward at their ends: empty lines, no line end, lines that go. Where the
machine has GNU parallel, winnow_parallel is run too. Usage: joined.py [SEED COUNT], with $WINNOW
(build/winnow) as the program; so many random inputs and options are tried from that seed on.
"""

import gzip
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "filter/cluster"))
import shards  # noqa: E402

WINNOW = os.path.abspath(os.environ.get("WINNOW", "build/winnow"))
DAYS = ("text", "lines", "nul", "jsonl", "wet")
MATCHES = ("exact", "text", "loose")
UNITS = ("sentence", "line", "paragraph", "document")
JOINTS = (b"", b"\n", b"\n\n", b"\0", b"\r\n\r\n")  # line ends that a FILE's end lacks
OF_ONE_RUN = ("seconds", "seen_bytes", "expected_false_drops")  # and not of several together
ROWS = [  # format, other options, shards
    ("text", [], 5),
    ("text", ["--no-tidy"], 9),
    ("text", ["--unit=paragraph", "--boilerplate=off"], 3),
    ("packed", [], 3),
    ("text", ["--split", "--min-words=1"], 9),
    ("text", ["--invert"], 9),
    ("lines", [], 1),
    ("lines", [], 2),
    ("lines", ["--match=loose"], 9),
    ("lines", ["--no-tidy"], 30),
    ("lines", ["--unit=line", "--min-words=1"], 30),
    ("lines", ["--rules=own.rules"], 5),
    ("nul", [], 2),
    ("nul", ["--unit=document"], 9),
    ("nul", ["--empty=drop"], 9),
    ("jsonl", [], 2),
    ("jsonl", ["--unit=paragraph"], 30),
    ("jsonl", ["--empty=drop"], 9),
]


def can_read(kind):
    return (
        kind == "packed"
        or subprocess.run([WINNOW, "--format=" + kind, os.devnull], capture_output=True).returncode
        == 0
    )


def make_text(chance):
    def line():
        a, b = chance.randrange(12), chance.randrange(30)
        return chance.choice(
            [
                "",
                "",
                "Share this page",
                "Leave a Reply",
                f"Sentence {b} is one of many here.",
                f"There are {a} sentences here. And {b} more come.",
            ]
        )

    return "\n".join(line() for _ in range(chance.randrange(1, 40))) + chance.choice(
        ["", "\n", "\n\n"]
    )


def make_file(path, kind, chance):
    """`packed` is text, too."""
    texts = [make_text(chance) for _ in range(5)]
    if kind == "nul":
        text = "".join(t + "\0" for t in texts)
    elif kind == "jsonl":
        text = "\n".join(
            json.dumps({"id": i, "text": t}) for i, t in enumerate(texts)
        ) + chance.choice(["", "\n"])
    else:
        text = texts[0]
    if kind == "packed":
        path = path.with_suffix(".gz")
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return str(path)


# ---- Inputs of any shape -----------------------------------------------------------------------


def make_dirty(chance):
    """Bytes that may be text."""

    def line():
        return chance.choice(
            [
                b"",
                b"Share this page",
                b"Home",
                b"About us",
                b"Yes.",
                b"  two  blanks\t",
                b"Sentence %d is one of many here." % chance.randrange(20),
                b"There are %d here. And more come." % chance.randrange(9),
                "Ein Café, naïve Größe %d sagt es.".encode() % chance.randrange(9),
                b"bad \xff\xc3 bytes are in this line",
                b"\xe2\x80",
                b"an \x1b[31mescape\x1b sequence stands here",
                "\u2028".encode(),
                b"WARC/1.0",
                b'{"text": "One of these lines."}',
                b"\x0c",
            ]
        )

    ends = chance.choice([[b"\n"], [b"\r\n"], [b"\n", b"\r\n", b"\r", b"\n\n"]])
    lines = [line() + chance.choice(ends) for _ in range(chance.randrange(12))]
    return b"".join(lines) + chance.choice([b"", line()])


def make_json(chance):
    text = make_dirty(chance).decode("utf-8", "replace")
    return chance.choice(
        [json.dumps({"id": 1, "text": text}).encode()] * 8
        + [b"", b"no JSON", b'{"text": 7}', b'{"text": "\xff\xfe bad"}', b"\xff"]
    )


def make_record(chance):
    block, kind = make_dirty(chance), chance.choice(["conversion"] * 5 + ["warcinfo", "metadata"])
    if chance.random() < 0.1:
        block += b"\r\n\r\nWARC/1.0\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
    length = len(block) + (chance.choice([-1, 1, 50]) if chance.random() < 0.04 else 0)
    if chance.random() < 0.05:
        length = chance.choice(["", "9"]) + f"{length:05000}"
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Type: text/plain\r\nContent-Length: {length}"
    end = b"\r\n\r\n" if chance.random() < 0.95 else b"\n"
    return head.encode() + b"\r\n\r\n" + block + end


def make_records(kind, chance):
    """What joins to the whole of an input; each one, or so, is a document."""
    count = chance.choice([0, 1, 1, 2, 3, 5, 9])
    if kind == "nul":
        records = [make_dirty(chance).replace(b"\0", b"") + b"\0" for _ in range(count)]
    elif kind == "jsonl":
        records = [make_json(chance) + chance.choice([b"\n"] * 5 + [b"\r\n"]) for _ in range(count)]
    elif kind == "wet":
        return [make_record(chance) for _ in range(count)]
    else:
        records = [make_dirty(chance) for _ in range(count)]
    if records and chance.random() < 0.4:
        records[-1] = records[-1][:-1]
    if chance.random() < 0.1:
        records = [chance.choice([b"\n", b"a", b"\0", b"\r", b"\xff"])]
    return records


def make_any(path, kind, chance):
    """A file of any shape, packed in any way: in one piece, or in several that need not end with
    records."""
    records, packed = make_records(kind, chance), chance.choice(["", "", "", ".gz", ".gz", ".zst"])
    if packed == ".zst" and not shutil.which("zstd"):
        packed = ""
    if packed and records and chance.random() < 0.3:
        whole, middle = b"".join(records), chance.randrange(1 + len(b"".join(records)))
        records = [whole[:middle], whole[middle:]]
    elif packed and chance.random() < 0.3:
        records = [b"".join(records)]
    path = pathlib.Path(f"{path}{packed}")
    if packed == ".gz":
        path.write_bytes(b"".join(gzip.compress(r) for r in records) or gzip.compress(b""))
    elif packed:
        done = subprocess.run(
            ["zstd", "-qc"], input=b"".join(records), capture_output=True, check=True
        )
        path.write_bytes(done.stdout)
    else:
        path.write_bytes(b"".join(records))
    return str(path)


def any_options(kind, chance):
    """Options that a run may have, each now and then."""
    options = []
    for option in (
        "--match=exact",
        "--match=loose",
        "--unit=line",
        "--unit=paragraph",
        "--unit=document",
        "--min-words=1",
        "--split",
        "--invert",
        "--no-tidy",
        "--form=nfd",
        "--boilerplate=off",
        "--boilerplate=phrases",
        "--boilerplate=strict",
        "--invalid=drop",
        "--lang=de",
        "--rules=own.rules",
        "--seen=own.set",
        "--empty=drop",
    ):
        key = option.split("=")[0]
        if chance.random() < 0.12 and not any(o.startswith(key) for o in options):
            options.append(option)
    if kind in ("text", "lines") and "--empty=drop" in options:
        options.remove("--empty=drop")
    if kind not in ("text", "lines") and "--boilerplate=strict" in options:
        options.remove("--boilerplate=strict")  # templates are counted by each shard for itself
    return options


def run_shards(folder, options, files, count):
    work, out = str(folder / "work"), str(folder / "out")
    args, rest, names = shards.parse_inputs(
        shards.parser("test"),
        [
            f"--winnow={WINNOW}",
            f"--shards={count}",
            "--ranges=3",
            "--dropped",
            "--learn",
            *options,
            *files,
        ],
    )
    os.chdir(folder)  # where own.rules is; the tasks run elsewhere
    plan = shards.make_plan(args, rest, names)
    shards.begin(work, plan)
    os.chdir("/")
    for step, tasks in (
        ("save", len(plan["shards"])),
        ("repeats", 3),
        ("filter", len(plan["shards"])),
    ):
        for number in reversed(range(tasks)):  # in any order
            shards.STEPS[step](work, number)
            shards.STEPS[step](work, number)  # and again
    shards.join(work, out)
    return out


def parts(out):
    return b"".join(p.read_bytes() for p in sorted(pathlib.Path(out).glob("part-*")))


def compare(folder, kind, other, count, chance, make=make_file):
    """What differs from one run."""
    options = [f"--format={'text' if kind == 'packed' else kind}", *other]
    files = [make(folder / f"in{i}", kind, chance) for i in range(chance.randrange(1, 7))]
    (folder / "own.rules").write_text("*one of many*\n")
    if "--seen=own.set" in other:
        (folder / "before").write_bytes(b"\n".join(make_dirty(chance) for _ in range(3)))
        plain = [o for o in options if o != "--seen=own.set"]
        run_one([*plain, "--save-seen=own.set", "before"], folder)
    whole = run_one(
        [*options, "--stats=stats", "--dropped=drops", "--learn=learned.rules", *files], folder
    )
    out = run_shards(folder, options, files, count)
    want, have = (
        json.loads(pathlib.Path(p).read_text()) for p in (folder / "stats", f"{out}/stats.json")
    )
    wrong = [
        f"{k}: {want[k]}, not {have.get(k)}"
        for k in want
        if k not in OF_ONE_RUN and want[k] != have.get(k)
    ]
    if parts(out) != whole:
        wrong.append("the text differs")
    for name, of_one in ("dropped.jsonl", "drops"), ("learned.rules", "learned.rules"):
        if pathlib.Path(out, name).read_bytes() != (folder / of_one).read_bytes():
            wrong.append(f"{name} differs")
    return wrong


def run_one(arguments, folder):
    return subprocess.run(
        [WINNOW, "-q", *arguments], capture_output=True, cwd=folder, check=True
    ).stdout


def compare_any(folder, seed):
    chance = random.Random(seed)
    kind = chance.choice(["text", "lines", "nul", "jsonl", "wet"])
    options, count = any_options(kind, chance), chance.choice([1, 2, 3, 7, 30])
    wrong = compare(folder, kind, options, count, chance, make_any)
    return [f"{kind} {' '.join(options)} in {count} shards: {w}" for w in wrong]


def compare_days(folder, kind, match, unit):
    """Monday's run, and Tuesday's that knows its set: Tuesday's text is the end of what one run
    over both writes, and Monday's the beginning."""
    chance = random.Random(f"{kind} {match} {unit}")
    options = [f"--format={kind}", f"--match={match}", f"--unit={unit}", "--min-words=1"]
    days = [
        [make_any(folder / f"{day}{i}", kind, chance) for i in range(4)]
        for day in ("monday", "tuesday")
    ]
    whole = run_one(options + days[0] + days[1], folder)
    monday = run_one([*options, "--save-seen=set", *days[0]], folder)
    tuesday = run_one([*options, "--seen=set", *days[1]], folder)
    between = whole[len(monday) : len(whole) - len(tuesday)]
    wrong = [] if monday + between + tuesday == whole else ["the text differs"]
    return wrong + ([] if between in JOINTS else [f"between them: {between}"])


def compare_all_days(folder):
    wrong = []
    for n, row in enumerate(itertools.product(DAYS, MATCHES, UNITS)):
        (folder / str(n)).mkdir()
        wrong += [f"{' '.join(row)}: {w}" for w in compare_days(folder / str(n), *row)]
    return wrong


def compare_parallel(folder, chance):
    files = [make_file(folder / f"in{i}", "text", chance) for i in range(6)]
    whole = subprocess.run([WINNOW, *files], capture_output=True, check=True).stdout
    program = os.path.relpath(WINNOW, os.path.realpath(folder))
    script = [str(ROOT / "filter/cluster/winnow_parallel"), f"--winnow={program}", "--shards=4"]
    out = folder / "an output's; $(touch name) {} {#}"
    for files, out in (files, out), (["--", *files], folder / "-o"):
        done = subprocess.run(
            [*script, *files, os.path.relpath(out, folder)],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            return [f"{out}: status {done.returncode}: {done.stderr}"]
        if parts(out) != whole:
            return [f"{out}: the text differs"]
    return []


def stopped(folder):
    """winnow_parallel is told to end while its tasks run: they end too, and it can go on later."""
    file = make_file(folder / "in", "text", random.Random(1))
    program = folder / "slow"
    program.write_text(
        f"""#!/bin/sh
[ -e "{folder}/now" ] || case "$*" in
*save-seen*" -- "*) touch "{folder}/started"; exec sleep 61.7 ;;
esac
exec "{WINNOW}" "$@"
"""
    )
    program.chmod(0o755)
    (folder / "slow-seen").symlink_to(WINNOW + "-seen")
    script = [str(ROOT / "filter/cluster/winnow_parallel"), f"--winnow={program}", file, "out"]
    wrong = []
    for number in signal.SIGTERM, signal.SIGINT:
        run = subprocess.Popen(
            script,
            cwd=folder,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda n=number: signal.signal(n, signal.SIG_DFL),  # it may be ignored here
        )
        while not (folder / "started").exists() and run.poll() is None:
            time.sleep(0.05)
        (folder / "started").unlink(missing_ok=True)
        run.send_signal(number)
        if run.wait() != -number:
            wrong.append(f"signal {number}: status {run.returncode}")
        left = subprocess.run(["pgrep", "-f", "sleep 61[.]7"], stdout=subprocess.DEVNULL)
        if left.returncode == 0:
            wrong.append(f"signal {number}: a task goes on")
    (folder / "now").touch()
    subprocess.run(script, cwd=folder, check=True)
    whole = subprocess.run([WINNOW, file], capture_output=True, check=True).stdout
    return wrong if parts(folder / "out") == whole else [*wrong, "the text differs"]


def refused(folder):
    """What winnow_parallel is given, and what it says of it."""
    bad = folder / "bad"
    bad.write_bytes(b"A text.\n\xff\n")
    rows = [
        (["--invalid=fail", str(bad)], "shard 0 (", "invalid UTF-8 at byte 8"),
        (["--keep=2", str(bad)], "--save-seen takes --keep=1", ""),
        (["-oX", str(bad)], "-oX: a run over shards has its own outputs", ""),
        (["--outp=X", str(bad)], "--outp=X: here options are written out in full", ""),
        (["--explain", str(bad)], "--explain: a run over shards has its own outputs", ""),
        (["--learned=X", str(bad)], "--learned=X: a run over shards has its own outputs", ""),
        (["--no-ti", str(bad)], "--no-ti: here options are written out in full", ""),
        (["--shards=-1", str(bad)], "argument --shards: a number from 1 to 65536", ""),
        (["--ranges=0", str(bad)], "argument --ranges: a number from 1 to 65536", ""),
        (["--", "-nowhere"], "-nowhere: no such file", ""),
        (["nowhere"], "nowhere: no such file", ""),
        (["no://bucket/key", str(bad)], "no://bucket/key: ", ""),
        (["--winnow=/no/winnow", str(bad)], "/no/winnow: No such file or directory", ""),
    ]
    wrong = []
    for arguments, *said in rows:
        script = [str(ROOT / "filter/cluster/winnow_parallel"), f"--winnow={WINNOW}"]
        done = subprocess.run(
            [*script, *arguments, str(folder / "refused")], capture_output=True, text=True
        )
        if (
            done.returncode != 2
            or not all(s in done.stderr for s in said)
            or (folder / "refused").exists()
        ):
            wrong.append(f"{arguments}: {done.returncode}, {done.stderr}")
        shutil.rmtree(folder / "refused.work", ignore_errors=True)
    return wrong


def compare_changed(folder):
    """An input that is another one when its turn comes: what stood in it first is lost."""
    for name in "xy":
        (folder / name).write_text("This is one of the lines.\n" * 9)
    files = [str(folder / name) for name in "xy"]
    arguments = ["--shards=2", f"--winnow={WINNOW}", *files]
    plan = shards.make_plan(*shards.parse_inputs(shards.parser("test"), arguments))
    work = str(folder / "work")
    shards.begin(work, plan)
    for step, number in (("save", 0), ("save", 1), ("repeats", 0), ("repeats", 1)):
        shards.STEPS[step](work, number)
    (folder / "x").write_text("That is another of the lines.\n" * 9)
    os.utime(folder / "x", ns=(0, 0))
    try:
        shards.STEPS["filter"](work, 0)
    except shards.ShardError as e:
        return [] if "has changed since the run began" in str(e) else [str(e)]
    return ["nothing is said"]


def main(seeds):
    chance, cases, failed = random.Random(1), 0, 0
    rows = [
        (
            f"{kind} {' '.join(other)} in {count} shards",
            lambda f, r=(kind, other, count): compare(f, *r, chance),
        )
        for kind, other, count in ROWS
        if can_read(kind)
    ]
    rows += [("one day after another", compare_all_days), ("changed input", compare_changed)]
    rows += [(f"any input, seed {n}", lambda f, n=n: compare_any(f, n)) for n in seeds]
    if shutil.which("parallel"):
        rows += [
            ("GNU parallel", lambda f: compare_parallel(f, chance)),
            ("GNU parallel, stopped", stopped),
            ("what cannot be done", refused),
        ]
    else:
        print("shards: not run here: winnow_parallel (no parallel)")
    for name, check in rows:
        with tempfile.TemporaryDirectory() as folder:
            wrong = check(pathlib.Path(folder))
        cases += 1
        failed += bool(wrong)
        for what in wrong:
            print(f"shards: {name}: {what}")
    print(f"shards: {cases} cases, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    first, count = [int(a) for a in sys.argv[1:3]] or (0, 40)
    sys.exit(main(range(first, first + count)))
