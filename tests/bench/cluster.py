#!/usr/bin/env python3
"""What a run over shards costs, measured step by step, and what it would cost on much more text.

Usage: cluster.py TEXT: a file of lines. Puts the tables into the README, between its marks, with
what the machine was and how busy. $WINNOW (build/winnow) is the program, on one thread a task.

The model: the core seconds of a step are so many a byte of text and so many a file, fitted by least
squares to what was measured: text and keys cost the same whatever the number of shards, and each
process that is begun and each set that is opened cost something. The files of a step: a set for
each shard and range in the first and the second, a shard in the third. All that is read and written
passes the network. What is put on a disk at once is the sets, the repeats and the output.
"""

import concurrent.futures
import datetime
import os
import pathlib
import platform
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "filter/cluster"))
import shards  # noqa: E402

WINNOW = os.path.abspath(os.environ.get("WINNOW", "build/winnow"))
STEPS = ("save", "repeats", "filter")
SHARDS = 1, 4, 16, 64
CORES = len(os.sched_getaffinity(0))
AT_ONCE = sorted({1, 2, CORES} if CORES > 1 else {1})
MARKS = "<!-- make bench-cluster: -->\n", "<!-- :make bench-cluster -->\n"


def size(folder):
    return sum(p.stat().st_size for p in pathlib.Path(folder).rglob("*") if p.is_file())


def core_seconds():
    t = os.times()
    return t.children_user + t.children_system + t.user + t.system


def measure(text, count, workers):
    """Seconds a step, core seconds a step, bytes of sets, of repeats and of output."""
    with tempfile.TemporaryDirectory() as folder:
        work = os.path.join(folder, "work")
        args, options, names = shards.parse_inputs(
            shards.parser("bench"),
            [f"--winnow={WINNOW}", f"--shards={count}", "--format=lines", text],
        )
        plan = shards.make_plan(args, options, names)
        shards.begin(work, plan)
        seconds, cores = [], []
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for step, tasks in zip(
                STEPS, (len(plan["shards"]), plan["ranges"], len(plan["shards"]))
            ):
                began, used = time.monotonic(), core_seconds()
                list(pool.map(lambda n, s=step: shards.STEPS[s](work, n), range(tasks)))
                seconds.append(time.monotonic() - began)
                cores.append(core_seconds() - used)
        return seconds, cores, *(size(f"{work}/{step}") for step in ("sets", "repeats", "out"))


def fit(points):
    """y = a + b x."""
    n, mx, my = (
        len(points),
        sum(x for x, _ in points) / len(points),
        sum(y for _, y in points) / len(points),
    )
    b = sum((x - mx) * (y - my) for x, y in points) / (sum((x - mx) ** 2 for x, _ in points) or n)
    return max(my - b * mx, 0), max(b, 0)


def files_of(step, count, ranges):
    return count if step == "filter" else count * ranges


def measure_all(text):
    """The rows of the first table; a step's costs, a byte of text and a file; bytes of sets, of
    repeats and of output a byte of text."""
    total = os.path.getsize(text)
    points, rows = {step: [] for step in STEPS}, []
    for count in SHARDS:
        for at_once in AT_ONCE:
            seconds, cores, sets, repeated, output = measure(text, count, at_once)
            for step, y in zip(STEPS, cores):
                points[step].append((files_of(step, count, min(count, 16)), y))
            rows.append(
                f"| {count} | {at_once} | {', '.join(f'{s:.1f}' for s in seconds)} "
                f"| {sum(cores):.1f} | {total / sum(seconds) / 1e6:.0f} | {sets / total:.3f} "
                f"| {repeated / total:.4f} |"
            )
            print(rows[-1], file=sys.stderr, flush=True)
    costs = {step: fit(points[step]) for step in STEPS}
    return (
        rows,
        {step: (a / total, b) for step, (a, b) in costs.items()},
        (sets / total, repeated / total, output / total),
    )


def model(costs, shares, terabytes=100, shards_made=10_000, ranges=640, cores=64, gigabits=10):
    """The rows of the second table."""
    sets, repeated, output = shares
    text = terabytes * 1e12
    hours = {
        step: (a * text + b * files_of(step, shards_made, ranges)) / 3600
        for step, (a, b) in costs.items()
    }
    moved = {
        "text, read twice": 2 * terabytes,
        "output, written": output * terabytes,
        "sets, written twice and read twice": 4 * sets * terabytes,
        "repeats, written and read": 2 * repeated * terabytes,
    }
    rows = [
        f"| core hours to {step}: {a * 1e9:.1f} s a GB, {b * 1e3:.1f} ms a file "
        f"| {hours[step]:,.0f} |"
        for step, (a, b) in costs.items()
    ]
    rows += [f"| TB of {what} | {tb:.1f} |" for what, tb in moved.items()]
    rows.append(f"| TB of disk, beside the text | {(output + sets + repeated) * terabytes:.1f} |")
    for machines in 10, 100:
        computing = sum(hours.values()) / machines / cores
        moving = sum(moved.values()) * 1e12 * 8 / (machines * gigabits * 1e9) / 3600
        rows.append(
            f"| hours on {machines} machines of {cores} cores, {gigabits} Gbit/s each: computing, "
            f"moving | {computing:.1f}, {moving:.1f} |"
        )
    keys = sets * text / shards_made / 10
    rows.append(f"| GB of memory for the keys of a shard, at 12 bytes | {keys * 12 / 1e9:.1f} |")
    return [
        f"| {terabytes} TB of such text: {shards_made} shards, {ranges} ranges | |",
        "|---|--:|",
        *rows,
    ]


def processor():
    with open("/proc/cpuinfo", encoding="utf8") as f:
        names = [line.split(":")[1].strip() for line in f if line.startswith("model name")]
    return names[0] if names else platform.machine()


def describe(text, load):
    return (
        f"{datetime.date.today()}, {processor()}, {CORES} cores, load before the run {load:.1f}; "
        f"{os.path.getsize(text) / 1e6:.0f} MB of lines. Text and work lie on the machine's disk.\n"
    )


def put_between(path, text):
    before, rest = path.read_text(encoding="utf8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    path.write_text(before + MARKS[0] + text + MARKS[1] + after, encoding="utf8")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    text, load = os.path.abspath(sys.argv[1]), os.getloadavg()[0]
    rows, costs, shares = measure_all(text)
    head = [
        "| shards | tasks at once | s: save, repeats, filter | core s | MB/s "
        "| sets, bytes a byte of text | repeats |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines = [describe(text, load), *head, *rows, "", *model(costs, shares)]
    put_between(ROOT / "README.md", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
