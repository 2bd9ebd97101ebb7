#!/usr/bin/env python3
"""What a run over shards costs, measured step by step, and what it would cost on much more text.

Usage: cluster.py TEXT [WORKERS]: TEXT, a file of lines; so many tasks at once (2). Prints the
README's tables. $WINNOW (build/winnow) is the program.

The model: the core seconds of a step are so many a byte of text and so many a file, fitted by least
squares to what was measured: text and keys cost the same whatever the number of shards, and each
process that is begun and each set that is opened cost something. The files of a step: a set for
each shard and range in the first and the second, a shard in the third. All that is read and written
passes the network.
"""

import concurrent.futures
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "filter/cluster"))
import shards  # noqa: E402

WINNOW = os.path.abspath(os.environ.get("WINNOW", "build/winnow"))
STEPS = ("save", "repeats", "filter")


def size(folder):
    return sum(p.stat().st_size for p in pathlib.Path(folder).rglob("*") if p.is_file())


def core_seconds():
    t = os.times()
    return t.children_user + t.children_system + t.user + t.system


def measure(text, count, workers):
    """Seconds a step, core seconds of all, bytes of sets and of repeats."""
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
        return seconds, cores, size(work + "/sets"), size(work + "/repeats")


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


def show_measured(text, workers):
    """A step's costs, a byte of text and a file; bytes of sets and of repeats a byte of text."""
    total = os.path.getsize(text)
    points = {step: [] for step in STEPS}
    print(
        "| shards | tasks at once | s: save, repeats, filter | core s | MB/s "
        "| sets, bytes a byte of text | repeats |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for count in 1, 4, 16, 64:
        for at_once in sorted({1, workers}):
            seconds, cores, sets, repeated = measure(text, count, at_once)
            for step, y in zip(STEPS, cores):
                points[step].append((files_of(step, count, min(count, 16)), y))
            print(
                f"| {count} | {at_once} | {', '.join(f'{s:.1f}' for s in seconds)} "
                f"| {sum(cores):.1f} | "
                f"{total / sum(seconds) / 1e6:.0f} | {sets / total:.3f} | {repeated / total:.4f} |",
                flush=True,
            )
    costs = {step: fit(points[step]) for step in STEPS}
    return {step: (a / total, b) for step, (a, b) in costs.items()}, sets / total, repeated / total


def show_model(
    costs,
    sets,
    repeated,
    terabytes=100,
    shard_count=10_000,
    ranges=640,
    machine_cores=64,
    gigabits=10,
):
    text = terabytes * 1e12
    hours = {
        step: (a * text + b * files_of(step, shard_count, ranges)) / 3600
        for step, (a, b) in costs.items()
    }
    print()
    print(f"| {terabytes} TB of such text: {shard_count} shards, {ranges} ranges | |")
    print("|---|--:|")
    for step, (a, b) in costs.items():
        print(
            f"| core hours to {step}: {a * 1e9:.1f} s a GB, {b * 1e3:.1f} ms a file "
            f"| {hours[step]:,.0f} |"
        )
    moved = {
        "text, read twice and written": 3 * terabytes,
        "sets, written twice and read twice": 4 * sets * terabytes,
        "repeats, written and read": 2 * repeated * terabytes,
    }
    for what, tb in moved.items():
        print(f"| TB of {what} | {tb:.1f} |")
    for machines in 10, 100:
        computing = sum(hours.values()) / machines / machine_cores
        moving = sum(moved.values()) * 1e12 * 8 / (machines * gigabits * 1e9) / 3600
        print(
            f"| hours on {machines} machines: {machine_cores} cores each, {gigabits} Gbit/s each | "
            f"{computing:.1f}, {moving:.1f} |"
        )
    keys = sets * text / shard_count / 10
    print(f"| GB of memory for the keys of a shard, at 12 bytes | {keys * 12 / 1e9:.1f} |")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    show_model(
        *show_measured(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2)
    )


if __name__ == "__main__":
    main()
