#!/usr/bin/env python3
"""Shards of many small inputs, joined, against one run over each: text, statistics and drops.

Inputs are made to be awkward at their ends: empty lines, no line end, lines that go. Where the
machine has GNU parallel, winnow_parallel is run too. Usage: joined.py, with $WINNOW (build/winnow)
as the program.
"""

import gzip
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "filter/cluster"))
import shards  # noqa: E402

WINNOW = os.path.abspath(os.environ.get("WINNOW", "build/winnow"))
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


def run_shards(folder, options, files, count):
    work, out = str(folder / "work"), str(folder / "out")
    args, rest, names = shards.parse_inputs(
        shards.parser("test"),
        [f"--winnow={WINNOW}", f"--shards={count}", "--ranges=3", "--dropped", *options, *files],
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


def compare(folder, kind, other, count, chance):
    options = [f"--format={'text' if kind == 'packed' else kind}", *other]
    files = [make_file(folder / f"in{i}", kind, chance) for i in range(6)]
    (folder / "own.rules").write_text("*one of many*\n")
    with open(folder / "whole", "wb") as whole:
        subprocess.run(
            [WINNOW, *options, f"--stats={folder}/stats", f"--dropped={folder}/drops", *files],
            stdout=whole,
            cwd=folder,
            check=True,
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
    if parts(out) != (folder / "whole").read_bytes():
        wrong.append("the text differs")
    if pathlib.Path(out, "dropped.jsonl").read_bytes() != (folder / "drops").read_bytes():
        wrong.append("the drops differ")
    return wrong


def compare_parallel(folder, chance):
    files = [make_file(folder / f"in{i}", "text", chance) for i in range(6)]
    whole = subprocess.run([WINNOW, *files], capture_output=True, check=True).stdout
    program = os.path.relpath(WINNOW, os.path.realpath(folder))
    script = [str(ROOT / "filter/cluster/winnow_parallel"), f"--winnow={program}", "--shards=4"]
    out = folder / "an output's; $(touch name)"
    done = subprocess.run(
        [*script, *files, str(out)], cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        return [f"status {done.returncode}: {done.stderr}"]
    return [] if parts(out) == whole else ["the text differs"]


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
        (["nowhere"], "nowhere: no such file", ""),
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


def main():
    chance, cases, failed = random.Random(1), 0, 0
    rows = [
        (
            f"{kind} {' '.join(other)} in {count} shards",
            lambda f, r=(kind, other, count): compare(f, *r, chance),
        )
        for kind, other, count in ROWS
        if can_read(kind)
    ]
    if shutil.which("parallel"):
        rows += [
            ("GNU parallel", lambda f: compare_parallel(f, chance)),
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
    sys.exit(main())
