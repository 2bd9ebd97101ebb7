#!/usr/bin/env python3
"""winnow over an input that is cut into shards: the output is one run's, byte for byte.

    shards.py plan WORK [OPTION]... INPUT...   cut the input; tells how many shards and ranges
    shards.py save WORK SHARD                  1: what each shard sees first, by ranges of keys
    shards.py repeats WORK RANGE               2: of each shard, what one before it saw
    shards.py filter WORK SHARD                3: each shard, knowing that
    shards.py join WORK OUTPUT                 the outputs in order, their statistics and drops

A sentence is dropped in one run when it stood before: in its own shard, or in an earlier one. But
short lines that go as a template do so by what each shard counts for itself: of nul, jsonl and wet,
at --boilerplate=strict one run may drop more (`plan` says so). Text and lines have none.

What --learn counts goes the same road: each shard saves all its counts in step 1, those of a few
neighbouring shards are added up in step 2, and all in the end.

Every step is a task of its own for each of its numbers; those of a step may run in any order, at
once, on any machine that sees the same files, and again: a task works under a name of its own,
looks at the status of what it ran, and only then gives its result the name that counts.

`winnow_parallel` runs the tasks by GNU parallel, winnow_spark.py by Apache Spark.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import pieces

SHARD_BYTES = 256 << 20
RECORD_ENDS = {"nul": b"\0", "jsonl": b"\n", "wet": b"\r\n\r\n"}
OWN_OUTPUTS = (
    "output",
    "stats",
    "dropped",
    "save-seen",
    "report",
    "learn",
    "learned",
    "save-learned",
    "explain",
)
OPTION_FILES = ("rules", "secret", "seen")
OPTIONS_READ = ("format", "boilerplate", "no-tidy", "memory-full")


class ShardError(Exception):
    """What went wrong, and in which shard or range."""


# ---- The plan ----------------------------------------------------------------------------------


def read_count(text):
    """Of shards, or of ranges: winnow-seen makes no more of one set."""
    if not (text.isdecimal() and 1 <= int(text[:9]) <= 65536):
        raise argparse.ArgumentTypeError("a number from 1 to 65536")
    return int(text)


def parser(prog):
    p = argparse.ArgumentParser(
        prog=prog,
        allow_abbrev=False,
        epilog="All other options are winnow's, written "
        "with '=': --match=loose. A text FILE is one document, and stays whole.",
    )
    p.add_argument(
        "--winnow", default="winnow", help="the program; winnow-seen stands beside it (on the path)"
    )
    p.add_argument(
        "--shards", type=read_count, help="how many, or so (as many as make shards of 256 MiB)"
    )
    p.add_argument(
        "--ranges",
        type=read_count,
        help="of keys, in the second step (as many as shards, 16 at most)",
    )
    p.add_argument(
        "--dropped", action="store_true", help="also write what was dropped, as --dropped does"
    )
    p.add_argument(
        "--learn", action="store_true", help="also write rules of lines that recur, as --learn does"
    )
    return p


def format_of(options):
    """The --format that counts."""
    p = argparse.ArgumentParser(allow_abbrev=False)
    p.add_argument("--format", default="text")
    return p.parse_known_args(options)[0].format


def note_templates(kind, options):
    strict, quiet = "--boilerplate=strict" in options, {"-q", "--quiet"} & set(options)
    if kind in RECORD_ENDS and strict and not quiet:
        print(
            "winnow: note: each shard counts for itself the short lines that go as a template "
            "(--boilerplate=strict); some stay that one run would drop",
            file=sys.stderr,
        )


def is_cut(option):
    """A long option not written out, of those that mean something here: --outp=FILE."""
    name = option.split("=")[0]
    return len(name) > 2 and any(
        f"--{known}".startswith(name) and name not in (f"--{known}", "--form", "--memory")
        for known in (*OWN_OUTPUTS, *OPTION_FILES, *OPTIONS_READ)
    )


def check_options(options):
    for option in options:
        if is_cut(option):
            raise ShardError(f"{option}: here options are written out in full")
        if re.match(rf"--({'|'.join(OWN_OUTPUTS)})(=|$)|-[a-z]*o", option):
            raise ShardError(f"{option}: a run over shards has its own outputs")
        if option.startswith("--memory-full=p"):
            raise ShardError(f"{option}: then the shards do not know of each other")


def name_whole(option):
    """A file that an option names, for tasks that run in other folders."""
    key, _, name = option.partition("=")
    return f"{key}={os.path.abspath(name)}" if name and key[2:] in OPTION_FILES else option


def find_program(name):
    found = shutil.which(name)
    return os.path.abspath(found) if found else name


def cuts(path, kind, size, wanted):
    """Where an input is cut: offsets in it, the last its size."""
    ends = [0]
    for at in wanted:
        if ends[-1] < at < size:
            ends.append(pieces.place_to_cut(path, kind, ends[-1], at, size))
    return ends[1:] if ends[-1] == size and size else ends[1:] + [size]


def make_shards(inputs, kind, count):
    """Lists of pieces [path, begin, end]: a shard is whole inputs, or one piece of an input. An
    input is a path and its size."""
    total = sum(size for _, size in inputs)
    count = count or -(-total // SHARD_BYTES) or 1
    wanted = [total * k // count for k in range(1, count)]
    shards, begin, whole = [], 0, []
    for path, size in inputs:
        ends = cuts(path, kind, size, [at - begin for at in wanted])
        if len(ends) == 1:
            whole.append([path, 0, size])
        if whole and (len(ends) > 1 or any(begin < at <= begin + size for at in wanted)):
            shards.append(whole)
            whole = []
        if len(ends) > 1:
            shards += [[[path, b, e]] for b, e in zip([0] + ends, ends)]
        begin += size
    return shards + [whole] if whole else shards


def make_plan(args, options, inputs):
    check_options(options)
    kind = format_of(options)
    note_templates(kind, options)
    paths = [p if pieces.is_object(p) else os.path.abspath(p) for p in inputs]
    try:
        looks = [pieces.look(p) for p in paths]
        shards = make_shards([(p, size) for p, (size, _) in zip(paths, looks)], kind, args.shards)
    except pieces.InputError as e:
        raise ShardError(str(e)) from None
    return {
        "winnow": find_program(args.winnow),
        "options": ["-j1"] + [name_whole(option) for option in options],
        "format": kind,
        "dropped": args.dropped,
        "learn": args.learn,
        "ranges": args.ranges or min(len(shards), 16),
        "shards": shards,
        "times": {path: changed for path, (_, changed) in zip(paths, looks)},
    }


def begin(work, plan):
    """A folder that a run of the same plan has begun is gone on with."""
    path = os.path.join(work, "plan.json")
    if os.path.exists(path):
        if read_plan(work) != plan:
            raise ShardError(f"{work}: there is another run's work in it, or its input has changed")
        return
    probe(work, plan)
    for name in ("tmp", "sets", "repeats", "out"):
        os.makedirs(os.path.join(work, name), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as f:
        json.dump(plan, f)
    os.rename(path + ".new", path)


def read_plan(work):
    with open(os.path.join(work, "plan.json"), encoding="utf-8") as f:
        return json.load(f)


def probe(work, plan):
    """Options that are wrong, and programs that are not there, are told before any work."""
    os.makedirs(work, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        seen = os.path.join(folder, "set")
        run("plan", [plan["winnow"], *plan["options"], "--save-seen=" + seen, os.devnull])
        run("plan", [plan["winnow"] + "-seen", "check", seen])


# ---- Tasks -------------------------------------------------------------------------------------


def run(where, command, cwd=None, fed=()):
    """Runs a program, feeding pieces of inputs to FIFOs in their order; raises ShardError unless
    all went well. `fed`: pairs of a FIFO and a piece."""
    with tempfile.TemporaryFile() as said:
        try:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, cwd=cwd
            )
        except OSError as e:
            raise ShardError(f"{where}: {command[0]}: {e.strerror}") from None
        try:
            for fifo, piece in fed:
                pieces.feed(piece, fifo, child)
        except pieces.InputError as e:
            raise ShardError(f"{where}: {e}") from None
        finally:
            if sys.exc_info()[0]:
                child.kill()
            status = child.wait()
        said.seek(0)
        told = (
            said.read().decode("utf-8", "replace").strip()
            or f"{command[0]} ended with status {status}"
        )
    for fifo, piece in fed:
        told = told.replace(fifo, piece[0])
    if status:
        raise ShardError(f"{where}: {told}")


def name_shard(plan, number):
    path, begin_at, end = plan["shards"][number][0]
    return f"shard {number} ({path}, from byte {begin_at})"


def winnow(plan, number, outputs):
    """winnow on a shard. A file that is there and whole it reads itself. Of all else what it read
    is counted: short input must not pass for all."""
    with tempfile.TemporaryDirectory() as folder:
        names, fed = [], []
        for i, piece in enumerate(plan["shards"][number]):
            names.append(piece[0])
            if not pieces.is_whole_file(*piece):
                names[-1] = os.path.join(folder, f"{i}{pieces.ending(piece[0])}")
                os.mkfifo(names[-1])
                fed.append((names[-1], piece))
        command = [plan["winnow"], *plan["options"], *outputs, "--", *names]
        run(name_shard(plan, number), command, fed=fed)
    refuse_changed(plan, number)


def refuse_changed(plan, number):
    """What another shard leaves out for an input's sake must still be in it."""
    for path, _, _ in plan["shards"][number]:
        try:
            changed = pieces.look(path)[1]
        except pieces.InputError as e:
            raise ShardError(str(e)) from None
        if changed != plan["times"][path]:
            raise ShardError(f"{name_shard(plan, number)}: {path} has changed since the run began")


def task(work, where, number, make):
    """Runs make(folder) unless its result is there; the folder becomes the result."""
    result = os.path.join(work, where, str(number))
    if os.path.isdir(result):
        return
    folder = tempfile.mkdtemp(prefix=f"{where}-{number}-", dir=os.path.join(work, "tmp"))
    os.chmod(folder, 0o755)
    try:
        make(folder)
        os.rename(folder, result)
    except OSError as e:
        if not os.path.isdir(result):  # else the same task, run elsewhere, was first
            raise ShardError(f"{where} {number}: {e.filename}: {e.strerror}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def save(work, number):
    plan = read_plan(work)

    def make(folder):
        seen = os.path.join(folder, "set")
        learned = ["--save-learned=" + os.path.join(folder, "learned")] if plan["learn"] else []
        winnow(plan, number, ["--save-seen=" + seen, *learned])
        run(
            name_shard(plan, number),
            [
                plan["winnow"] + "-seen",
                "split",
                "-o",
                os.path.join(folder, "range"),
                str(plan["ranges"]),
                seen,
            ],
        )
        os.unlink(seen)

    task(work, "sets", number, make)


def shards_of_range(plan, number):
    """Counts for --learn are added up a few neighbouring shards at a time, a range's task each."""
    count, ranges = len(plan["shards"]), plan["ranges"]
    return range(count * number // ranges, count * (number + 1) // ranges)


def add_up(plan, where, work, learned, folder, option="--save-learned"):
    """One file of what several counted, or the rules of it."""
    result = f"{option}={folder}/learned"
    known = [f"--learned={name}" for name in learned]
    fits = [o for o in plan["options"] if o.startswith("--form") or o == "--no-tidy"]
    run(where, [plan["winnow"], "-q", *fits, *known, result, "--", os.devnull], cwd=work)


def repeats(work, number):
    plan = read_plan(work)

    def make(folder):
        sets = [f"{shard}/range.{number}" for shard in range(len(plan["shards"]))]
        run(
            f"range {number}",
            [plan["winnow"] + "-seen", "repeats", "-o", os.path.join(folder, "shard"), *sets],
            cwd=os.path.join(work, "sets"),
        )
        if plan["learn"]:
            group = shards_of_range(plan, number)
            add_up(plan, f"range {number}", work, [f"sets/{i}/learned" for i in group], folder)

    task(work, "repeats", number, make)


def filter_shard(work, number):
    plan = read_plan(work)

    def make(folder):
        known = [f"--seen={work}/repeats/{r}/shard.{number}" for r in range(plan["ranges"])]
        outputs = ["-o", os.path.join(folder, "text"), "--stats=" + os.path.join(folder, "stats")]
        if plan["dropped"]:
            outputs.append("--dropped=" + os.path.join(folder, "dropped"))
        winnow(plan, number, known + outputs)

    task(work, "out", number, make)


# ---- Joining -----------------------------------------------------------------------------------


def read_stats(work, number):
    with open(os.path.join(work, "out", str(number), "stats"), encoding="utf-8") as f:
        return json.load(f)


def add(total, one):
    for key, value in one.items():
        if isinstance(value, dict):
            add(total.setdefault(key, {}), value)
        elif isinstance(value, (int, float)):
            total[key] = total.get(key, 0) + value
        else:
            total[key] = value


def merge_stats(each):
    """What one run would tell; seen_bytes and seconds are sums over the shards. The first shard has
    loaded the sets of --seen, and no repeats."""
    total = {}
    for one in each:
        add(total, dict(one, unique=one["unique"] - one["loaded"], loaded=0))
    total["loaded"] = each[0]["loaded"]
    n = total["unique"] = total["unique"] + total["loaded"]
    total["expected_false_drops"] = n * (n - 1) / 2 * 2.0**-80
    return total


def byte_before(path, at):
    with open(path, "rb") as f:
        f.seek(at - 1)
        return f.read(1)


def joints(work, plan, each, total):
    """For shards that another's output follows, what stands between: the line end that a FILE
    lacks, and the empty line that waits for a line to stand before. Counted in `total`."""
    if plan["format"] in RECORD_ENDS:
        return record_joints(RECORD_ENDS[plan["format"]], each, total)
    found, last, gap = {}, None, 0
    for i, one in enumerate(each):
        if one["bytes_out"] and last is not None:
            path, size = text_of(work, last), each[last]["bytes_out"]
            owes = byte_before(path, size) != b"\n"
            gap |= one["gap_before"]
            found[last] = b"\n" * (owes + gap)
            total["bytes_out"] += owes + gap
            total["lines_out"] += gap
        elif one["bytes_out"]:
            total["gap_before"] = gap | one["gap_before"]
        if one["bytes_out"]:
            last, gap = i, 0
        gap |= one["gap_after"]
    total["gap_after"] = gap
    return found


def record_joints(end, each, total):
    """A record that the end of its FILE ended has an end of its own when another follows."""
    found, last = {}, None
    for i, one in enumerate(each):
        if not one["bytes_out"] and not one["gap_after"]:
            continue
        if last is not None and each[last]["gap_after"]:
            found[last] = end
            total["bytes_out"] += len(end)
        last = i
    total["gap_after"] = each[last]["gap_after"] if last is not None else 0
    return found


def text_of(work, number):
    return os.path.join(work, "out", str(number), "text")


def append(path, size, joint):
    """May be done again, should this run not come to its end."""
    with open(path, "r+b") as f:
        f.truncate(size)
        f.seek(size)
        f.write(joint)


PLACE = re.compile(rb'"document":(\d+),"line":(\d+),"byte":(\d+)')


def renumber(line, base, in_document):
    def shift(m):
        document, number, byte = (int(g) for g in m.groups())
        number += 0 if in_document else base["lines_in"]
        return b'"document":%d,"line":%d,"byte":%d' % (
            document + base["documents"],
            number,
            byte + base["bytes_in"],
        )

    return PLACE.sub(shift, line, count=1)


def join_dropped(work, plan, each, path):
    base = dict.fromkeys(("documents", "lines_in", "bytes_in"), 0)
    with open(path, "wb") as out:
        for i, one in enumerate(each):
            with open(os.path.join(work, "out", str(i), "dropped"), "rb") as f:
                out.writelines(
                    renumber(line, base, plan["format"] in ("jsonl", "wet")) for line in f
                )
            for key in base:
                base[key] += one[key]


def also_as(path, name):
    """The work stays whole until the output has its name. Not every file system has links."""
    try:
        os.link(path, name)
    except OSError:
        shutil.copyfile(path, name)


def join(work, output):
    """OUTPUT becomes a folder: part-00000..., stats.json, and what else was asked for."""
    plan = read_plan(work)
    each = [read_stats(work, i) for i in range(len(plan["shards"]))]
    total = merge_stats(each)
    for i, joint in joints(work, plan, each, total).items():
        append(text_of(work, i), each[i]["bytes_out"], joint)
    made = os.path.join(work, "made")
    shutil.rmtree(made, ignore_errors=True)
    os.mkdir(made)
    if plan["dropped"]:
        join_dropped(work, plan, each, os.path.join(made, "dropped.jsonl"))
    if plan["learn"]:
        groups = [f"repeats/{r}/learned" for r in range(plan["ranges"])]
        add_up(plan, "learned", work, groups, made, "--learn")
        os.rename(os.path.join(made, "learned"), os.path.join(made, "learned.rules"))
    with open(os.path.join(made, "stats.json"), "w", encoding="utf-8") as f:
        json.dump(total, f)
        f.write("\n")
    for i in range(len(each)):
        also_as(text_of(work, i), os.path.join(made, f"part-{i:05d}"))
    os.rename(made, output)
    shutil.rmtree(work)


def refuse_output(output):
    if os.path.exists(output):
        raise ShardError(f"{output}: it is there already")


# ---- The command -------------------------------------------------------------------------------

STEPS = {"save": save, "repeats": repeats, "filter": filter_shard}


def parse_inputs(p, arguments):
    """Behind -- all are INPUTs."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    args, rest = p.parse_known_args(arguments[:end])
    options = [a for a in rest if a.startswith("-") and a != "-"]
    return args, options, [a for a in rest if a not in options] + arguments[end + 1 :]


def main(arguments):
    command, work = (arguments + ["", ""])[:2]
    work = work and os.path.abspath(work)
    if command == "plan" and work:
        args, options, inputs = parse_inputs(parser("shards.py plan WORK"), arguments[2:])
        plan = make_plan(args, options, inputs)
        begin(work, plan)
        print(len(plan["shards"]), plan["ranges"])
    elif command in STEPS and len(arguments) == 3:
        STEPS[command](work, int(arguments[2]))
    elif command == "join" and len(arguments) == 3:
        refuse_output(arguments[2])
        join(work, arguments[2])
    else:
        sys.exit(__doc__)


def exit_with(function, arguments):
    """Runs a command; trouble is told in one line, with status 2, as winnow tells it."""
    try:
        function(arguments)
    except ShardError as e:
        print(f"winnow: {e}", file=sys.stderr)
    except OSError as e:
        what = f"{e.filename}: {e.strerror}" if e.filename else e
        print(f"winnow: {what}", file=sys.stderr)
    else:
        return
    sys.exit(2)


if __name__ == "__main__":
    exit_with(main, sys.argv[1:])
