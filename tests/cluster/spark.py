#!/usr/bin/env python3
"""winnow_spark.py against one run of winnow, on a cluster of two workers on this machine.

Workers are killed, tasks fail, programs are missing, disks are full: by a program that stands where
winnow is looked for and now and then does something else. Usage: spark.py, in a Python that has
PySpark, with $WINNOW (build/winnow) as the program.
"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WINNOW = pathlib.Path(os.environ.get("WINNOW", "build/winnow")).resolve()
CLUSTER = "--master=local-cluster[2,1,1024]"
HERE = "--master=local[2]"  # no second try

# Stands for winnow, and by its other name for winnow-seen. In the folder of faults a file's name
# tells the fault, its text what the arguments of the task hold that it strikes; each strikes once.
STAND_IN = r"""#!/bin/sh
real=REAL
case $0 in *-seen) real=$real-seen ;; esac
struck() { # FAULT
    for fault in FAULTS/$1*; do
        [ -e "$fault" ] || continue
        pattern=$(cat "$fault")
        case $arguments in
        *"$pattern"*) mv "$fault" "FAULTS/struck-${fault##*/}" 2> /dev/null && return 0 ;;
        esac
    done
    return 1
}
arguments=" $* "
if struck fail; then echo "made to fail" >&2; exit 2; fi
if struck kill; then # the worker, which began the Python that began this
    executor=$(ps -o ppid= -p "$(ps -o ppid= -p $PPID | tr -d ' ')" | tr -d ' ')
    grep -q CoarseGrainedExecutorBackend "/proc/$executor/cmdline" && kill -9 "$executor"
    sleep 30
fi
if struck full; then
    for argument; do
        shift
        case $argument in */text) argument=/dev/full ;; esac
        set -- "$@" "$argument"
    done
fi
exec "$real" "$@"
"""


class Bench:
    """A folder with inputs, the stand-in, and what one run makes of the inputs."""

    def __init__(self, folder):
        self.folder, self.out = folder, folder / "out"
        self.faults = folder / "faults"
        self.faults.mkdir()
        self.program = folder / "winnow"
        self.inside = []  # what the driver is begun by
        self.install()

    def install(self):
        self.program.write_text(
            STAND_IN.replace("REAL", str(WINNOW)).replace("FAULTS", str(self.faults))
        )
        self.program.chmod(0o755)
        seen = self.folder / "winnow-seen"
        if not seen.exists():
            seen.symlink_to(self.program)

    def strike(self, *faults):
        for old in self.faults.iterdir():
            old.unlink()
        for i, (fault, pattern) in enumerate(faults):
            (self.faults / f"{fault}-{i}").write_text(pattern)

    def unstruck(self):
        return [f.name for f in self.faults.iterdir() if not f.name.startswith("struck")]

    def run(self, master, options, files, keep=False):
        if not keep:
            shutil.rmtree(self.out, ignore_errors=True)
            shutil.rmtree(f"{self.out}.work", ignore_errors=True)
        command = [
            *self.inside,
            sys.executable,
            str(ROOT / "filter/cluster/winnow_spark.py"),
            master,
            f"--winnow={self.program}",
        ]
        return subprocess.run(
            [*command, *options, *files, str(self.out)], capture_output=True, text=True
        )

    def compare(self, options, files):
        """What differs from one run."""
        whole = subprocess.run(
            [WINNOW, *options, f"--stats={self.folder}/stats", *files],
            capture_output=True,
            check=True,
        ).stdout
        want, have = (
            json.loads(p.read_text()) for p in (self.folder / "stats", self.out / "stats.json")
        )
        wrong = [
            k
            for k in (
                "bytes_out",
                "lines_out",
                "documents",
                "sentences",
                "kept",
                "repeats",
                "unique",
            )
            if want[k] != have[k]
        ]
        parts = [p.read_bytes() for p in sorted(self.out.glob("part-*"))]
        return wrong + ([] if b"".join(parts) == whole else ["the text"])


class Network:
    """A master and two workers, each in a namespace of its own, with a network between them."""

    MASTER = "10.77.1.1"

    def __init__(self, folder):
        self.folder, self.started = folder, []
        self.names = [f"winnow-{os.getpid()}-{i}" for i in range(3)]

    def __enter__(self):
        try:
            self.lay()
        except BaseException:
            self.__exit__()
            raise
        return self

    def lay(self):
        for name in self.names:
            self.ip("netns", "add", name)
            self.ip("-n", name, "link", "set", "lo", "up")
        self.ip("-n", self.names[0], "link", "add", "lan", "type", "bridge")
        self.join(0, "lan", self.MASTER)
        for i in 1, 2:
            self.ip(
                "-n",
                self.names[0],
                "link",
                "add",
                f"to{i}",
                "master",
                "lan",
                "up",
                "type",
                "veth",
                "peer",
                "name",
                "home",
                "netns",
                self.names[i],
            )
            self.join(i, "home", f"10.77.1.{i + 1}")
        spark = "org.apache.spark.deploy."
        self.start(0, self.MASTER, spark + "master.Master", "--port", "7077")
        for i in 1, 2:
            self.start(
                i,
                f"10.77.1.{i + 1}",
                spark + "worker.Worker",
                "-c",
                "1",
                "-m",
                "2g",
                "-d",
                str(self.folder / f"worker{i}"),
                f"spark://{self.MASTER}:7077",
            )
        time.sleep(5)  # a worker that comes later is waited for all the same

    def __exit__(self, *_):
        for child in self.started:
            child.terminate()
            child.wait()
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], check=False)

    def ip(self, *arguments):
        subprocess.run(["ip", *arguments], check=True)

    def join(self, number, link, address):
        self.ip("-n", self.names[number], "address", "add", f"{address}/24", "dev", link)
        self.ip("-n", self.names[number], "link", "set", link, "up")

    def inside(self, number, address):
        return ["ip", "netns", "exec", self.names[number], "env", f"SPARK_LOCAL_IP={address}"]

    def start(self, number, address, *command):
        import pyspark

        spark_class = os.path.join(os.path.dirname(pyspark.__file__), "bin", "spark-class")
        log = open(self.folder / f"spark{number}.log", "wb")
        self.started.append(
            subprocess.Popen(
                [
                    *self.inside(number, address),
                    spark_class,
                    command[0],
                    "--host",
                    address,
                    "--webui-port",
                    "0",
                    *command[1:],
                ],
                stdout=log,
                stderr=log,
            )
        )


def expect_same_over_network(bench, folder, *arguments):
    with Network(folder) as network:
        bench.inside = network.inside(0, network.MASTER)
        try:
            return expect_same(bench, f"--master=spark://{network.MASTER}:7077", *arguments)
        finally:
            bench.inside = []


def may_make_networks():
    """Root may, but not in every container."""
    if os.geteuid() or not shutil.which("ip"):
        return False
    name = f"winnow-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode == 0
    if made:
        subprocess.run(["ip", "netns", "del", name], check=True)
    return made


def make_inputs(folder):
    """Pages of a site, and the same as JSON Lines."""
    chance = random.Random(1)
    articles = [
        p.read_text("utf-8", "replace") for p in sorted((ROOT / "corpus/articles").glob("*.txt"))
    ]
    pages = []
    for number in range(96):
        lines = chance.choice(articles).splitlines() + [
            chance.choice(
                [
                    "",
                    "Share this page",
                    f"Sentence {chance.randrange(2000)} of many is here. And one behind it.",
                ]
            )
            for _ in range(chance.randrange(200))
        ]
        chance.shuffle(lines)
        pages.append("\n".join(lines) + chance.choice(["", "\n", "\n\n"]))
        (folder / f"page{number:02d}.txt").write_text(pages[-1], "utf-8")
    with open(folder / "pages.jsonl", "w", encoding="utf-8") as f:
        for number, page in enumerate(pages):
            f.write(json.dumps({"url": number, "text": page}) + "\n")
    return [str(p) for p in sorted(folder.glob("page??.txt"))], [str(folder / "pages.jsonl")]


def expect_same(bench, master, options, shards, files, *faults):
    bench.strike(*faults)
    done = bench.run(master, [f"--shards={shards}", "--ranges=5", *options], files)
    if done.returncode:
        return [f"status {done.returncode}: {done.stderr[-2000:]}"]
    wrong = bench.compare(options, files)
    return [f"differs: {', '.join(wrong)}"] * bool(wrong) + [
        f"{f} did not strike" for f in bench.unstruck()
    ]


def expect_told(bench, files, said, *faults):
    """It fails, names shard and cause in its last line, and OUTPUT is not there."""
    bench.strike(*faults)
    done = bench.run(HERE, ["--shards=7", "--ranges=2", "--invalid=fail"], files)
    last = (done.stderr.strip().splitlines() or [""])[-1]
    wrong = [f"said: {last}"] if not all(s in last for s in said) else []
    if done.returncode != 2:
        wrong.append(f"status {done.returncode}")
    return wrong + ["there is an output"] * bench.out.exists()


def expect_resumed(bench, files):
    """A program that goes missing after the plan, and the same run again when it is back."""
    bench.strike()
    plan = [sys.executable, str(ROOT / "filter/cluster/shards.py"), "plan", f"{bench.out}.work"]
    shutil.rmtree(f"{bench.out}.work", ignore_errors=True)
    subprocess.run(
        [*plan, f"--winnow={bench.program}", "--shards=7", *files], check=True, capture_output=True
    )
    bench.program.unlink()
    done = bench.run(HERE, ["--shards=7"], files, keep=True)
    last = (done.stderr.strip().splitlines() or [""])[-1]
    wrong = (
        [] if "shard " in last and f"{bench.program}: No such file" in last else [f"said: {last}"]
    )
    bench.install()
    done = bench.run(HERE, ["--shards=7"], files, keep=True)
    if done.returncode:
        return wrong + [f"again: {done.stderr[-2000:]}"]
    return wrong + bench.compare([], files)


def cases(bench, folder):
    text, jsonl = make_inputs(folder)
    kills = [("kill", "/sets-"), ("kill", " repeats "), ("kill", "--seen=")]
    fails = [("fail", "--seen="), ("fail", "--seen=")]
    yield "text, 7 shards, a task that fails twice", expect_same(
        bench, CLUSTER, [], 7, text, *fails
    )
    yield "text, 64 shards, a worker killed in each step", expect_same(
        bench, CLUSTER, [], 64, text, *kills
    )
    records = ["--format=jsonl"]
    if subprocess.run([WINNOW, *records, os.devnull], capture_output=True).returncode:
        records, jsonl = ["--format=lines"], text
    for shards in 7, 64:
        yield f"records, {shards} shards, a worker killed in each step", expect_same(
            bench, CLUSTER, records, shards, jsonl, *kills
        )
    if may_make_networks():
        yield "text, 7 shards, two workers with networks of their own", expect_same_over_network(
            bench, folder, [], 7, text, *kills
        )
    else:
        print("cluster: not run here: workers with networks of their own (not root, or no ip)")
    yield "a full disk", expect_told(
        bench, text, ["shard ", "/dev/full: No space left on device"], ("full", "--seen=")
    )
    bad = folder / "bad.txt"
    bad.write_bytes(b"A bad one.\n\xff\n")
    yield "a bad record", expect_told(
        bench, [*text, str(bad)], ["shard ", "invalid UTF-8 at byte 11"]
    )
    yield "a missing program, and the run taken up again", expect_resumed(bench, text)


def main():
    count = failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for what, wrong in cases(Bench(folder), folder):
            count += 1
            failed += bool(wrong)
            print(f"cluster: {what}: {'; '.join(wrong) or 'right'}", flush=True)
    print(f"cluster: {count} cases, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
