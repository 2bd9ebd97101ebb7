#!/usr/bin/env python3
"""winnow_spark.py against one run of winnow, on a cluster of two workers on this machine.

Workers are killed, tasks fail, programs are missing, disks are full: by a program that stands where
winnow is looked for and now and then does something else. Usage: spark.py [TEXT]..., in a Python
that has PySpark and pyarrow, with $WINNOW (build/winnow) as the program. A TEXT is JSON Lines or
WET where .jsonl or .wet is in its name (.wet.gz); else it is text: once of 96 parts, each a
document, and once more of lines. Without, a website and a crawl are made up of the articles in
corpus/.
"""

import gzip
import http.server
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WINNOW = pathlib.Path(os.environ.get("WINNOW", "build/winnow")).resolve()
CLUSTER = "--master=local-cluster[2,1,1024]"
HERE = "--master=local[2]"  # no second try
OF_ONE_RUN = ("seconds", "seen_bytes", "expected_false_drops")  # and not of several together
OBJECT_BYTES = 8 << 20  # read of an object at once, at most

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
            "--dropped",
            "--learn",
        ]
        return subprocess.run(
            [*command, *options, *files, str(self.out)], capture_output=True, text=True
        )

    def compare(self, options, files):
        """What differs from one run."""
        one = self.folder / "one"
        one.mkdir(exist_ok=True)
        reports = {"stats.json": "stats", "dropped.jsonl": "dropped", "learned.rules": "learn"}
        asked = [f"--{option}={one}/{name}" for name, option in reports.items()]
        with open(one / "text", "wb") as whole:
            subprocess.run([WINNOW, "-q", *options, *asked, *files], stdout=whole, check=True)
        want, have = (json.loads((d / "stats.json").read_text()) for d in (one, self.out))
        wrong = [k for k in want if k not in OF_ONE_RUN and want[k] != have.get(k)]
        (one / "joined").write_bytes(b"".join(p.read_bytes() for p in self.parts()))
        pairs = [("text", one / "joined"), ("dropped.jsonl", self.out / "dropped.jsonl")]
        # Where there are too many lines to count, what each run takes off its counts differs.
        if b"There were too many lines" not in (one / "learned.rules").read_bytes():
            pairs.append(("learned.rules", self.out / "learned.rules"))
        return wrong + [
            mine
            for mine, its in pairs
            if subprocess.run(["cmp", "-s", one / mine, its]).returncode
        ]

    def parts(self):
        return sorted(self.out.glob("part-*"))


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


def may_make_networks():
    """Root may, but not in every container."""
    if os.geteuid() or not shutil.which("ip"):
        return False
    name = f"winnow-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode == 0
    if made:
        subprocess.run(["ip", "netns", "del", name], check=True)
    return made


# ---- Texts -------------------------------------------------------------------------------------


def make_pages():
    """Pages of a few sites: their own lines around sentences that stand in other pages too."""
    chance = random.Random(1)
    articles = [
        p.read_text("utf-8", "replace").splitlines()
        for p in sorted((ROOT / "corpus/articles").glob("*.txt"))
    ]
    sites = [[f"Menu {n} of site {site}" for n in range(6)] for site in range(5)]
    for _ in range(400):
        site = chance.choice(sites)
        lines = chance.choice(articles) + [
            chance.choice(
                ["", f"Sentence {chance.randrange(3000)} of many is here. And one behind it."]
            )
            for _ in range(chance.randrange(120))
        ]
        chance.shuffle(lines)
        lines = ["Home", "About us", *site, *lines, "Share this page", "Leave a Reply", site[0]]
        yield "\n".join(lines) + chance.choice(["", "\n", "\n\n"])


def warc(kind, text):
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Type: text/plain\r\n"
    return f"{head}Content-Length: {len(text)}\r\n\r\n".encode() + text + b"\r\n\r\n"


def make_texts(folder):
    """A website, and a crawl: records of JSON, and of WARC with a gzip member for each."""
    pages = list(make_pages())
    with open(folder / "website.txt", "w", encoding="utf-8") as f:
        f.writelines(pages)
    with open(folder / "crawl.jsonl", "w", encoding="utf-8") as f:
        f.writelines(json.dumps({"url": n, "text": p}) + "\n" for n, p in enumerate(pages))
    records = [warc("warcinfo", b"made: up\r\n"), *(warc("conversion", p.encode()) for p in pages)]
    (folder / "crawl.wet.gz").write_bytes(b"".join(gzip.compress(r) for r in records))
    return [folder / n for n in ("website.txt", "crawl.jsonl", "crawl.wet.gz")]


def cut_text(path, folder):
    """Parts of a text that end with lines, as files."""
    folder.mkdir()
    lines, names = path.read_bytes().splitlines(keepends=True), []
    for n in range(96):
        names.append(str(folder / f"part{n:02d}.txt"))
        part = lines[len(lines) * n // 96 : len(lines) * (n + 1) // 96]
        pathlib.Path(names[-1]).write_bytes(b"".join(part))
    return names


def describe(texts, folder):
    """What each text is called, the options for it, and its files."""
    for path in texts:
        if ".jsonl" in path.name or ".wet" in path.name:
            kind = "jsonl" if ".jsonl" in path.name else "wet"
            yield path.name, [f"--format={kind}"], [str(path)]
        else:
            yield f"{path.name} in parts", [], cut_text(path, folder / f"{path.name}.parts")
            yield f"{path.name}, its lines", ["--format=lines"], [str(path)]


# ---- An object store ---------------------------------------------------------------------------


class Objects(http.server.BaseHTTPRequestHandler):
    """As much of S3 as reading takes: the size of an object, and parts of it."""

    protocol_version = "HTTP/1.1"
    folder, largest = None, 0

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def answer(self, with_body):
        path = self.folder / self.path.split("?")[0].lstrip("/")
        if not path.is_file():
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        size = path.stat().st_size
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range") or "")
        begin, end = (int(wanted[1]), min(int(wanted[2]) + 1, size)) if wanted else (0, size)
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(end - begin))
        self.send_header("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
        if wanted:
            self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{size}")
        self.end_headers()
        if with_body:
            Objects.largest = max(Objects.largest, end - begin)
            with open(path, "rb") as f:
                f.seek(begin)
                self.wfile.write(f.read(end - begin))


def expect_objects(bench, folder):
    """Objects of a store on this machine: the same as the files that they are, and never whole."""
    store = folder / "bucket"
    store.mkdir()
    text = (folder / "made/crawl.jsonl").read_bytes()
    (store / "large.jsonl").write_bytes(text * (2 * OBJECT_BYTES // len(text) + 1))
    (store / "open.jsonl").write_bytes(text[: len(text) // 2])
    lines = text.splitlines(keepends=True)
    (store / "members.jsonl.gz").write_bytes(b"".join(gzip.compress(line) for line in lines))
    Objects.folder, Objects.largest = folder, 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Objects)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ.update(
        AWS_ACCESS_KEY_ID="nobody",
        AWS_SECRET_ACCESS_KEY="nothing",
        AWS_DEFAULT_REGION="nowhere-1",
        AWS_EC2_METADATA_DISABLED="true",
    )
    where = f"?endpoint_override=127.0.0.1:{server.server_port}&scheme=http"
    names = ["large.jsonl", "open.jsonl", "members.jsonl.gz"]
    bench.strike()
    options = ["--format=jsonl"]
    missing = bench.run(HERE, options, [f"s3://bucket/none.jsonl{where}"])
    done = bench.run(HERE, ["--shards=2", *options], [f"s3a://bucket/{n}{where}" for n in names])
    server.shutdown()
    if done.returncode:
        return [done.stderr[-2000:]]
    wrong = bench.compare(options, [str(store / n) for n in names])
    if Objects.largest != OBJECT_BYTES:  # of shards that are larger
        wrong.append(f"read {Objects.largest} bytes at once")
    if len(bench.parts()) < 2:
        wrong.append(f"{len(bench.parts())} parts")
    if missing.returncode != 2 or "no such object" not in missing.stderr:
        wrong.append(f"of an object that is not there: {missing.stderr[-200:]}")
    return wrong


# ---- What is expected --------------------------------------------------------------------------


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
    plan += ["--dropped", "--learn"]
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


# Each strikes once: two strike the same task twice.
KILLS = [("kill", "/sets-"), ("kill", "/repeats-"), ("kill", "/out-")]
FAILS = [("fail", task) for task in ("/sets-3-", "/repeats-2-", "/out-3-") for _ in range(2)]


def cases(bench, folder, given):
    made = folder / "made"
    made.mkdir()
    texts = make_texts(made)
    texts = list(describe(given or texts, folder))
    for name, options, files in texts:
        yield f"{name}, 7 shards, tasks that fail twice", expect_same(
            bench, CLUSTER, options, 7, files, *FAILS
        )
        yield f"{name}, 64 shards, a worker killed in each step", expect_same(
            bench, CLUSTER, options, 64, files, *KILLS
        )
    if may_make_networks():
        with Network(folder) as network:
            bench.inside = network.inside(0, network.MASTER)
            master = f"--master=spark://{network.MASTER}:7077"
            for name, options, files in texts:
                for shards in 7, 64:
                    yield (
                        f"{name}, {shards} shards, workers with networks of their own, one killed",
                        expect_same(bench, master, options, shards, files, *KILLS),
                    )
            bench.inside = []
    else:
        print("cluster: not run here: workers with networks of their own (not root, or no ip)")
    yield "objects of a store", expect_objects(bench, folder)
    pages = cut_text(made / "website.txt", folder / "pages")
    yield "a full disk", expect_told(
        bench, pages, ["shard ", "/dev/full: No space left on device"], ("full", "--seen=")
    )
    bad = folder / "bad.txt"
    bad.write_bytes(b"A bad one.\n\xff\n")
    yield "a bad record", expect_told(
        bench, [*pages, str(bad)], ["shard ", "invalid UTF-8 at byte 11"]
    )
    yield "a missing program, and the run taken up again", expect_resumed(bench, pages)


def main(given):
    count = failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for what, wrong in cases(Bench(folder), folder, given):
            count += 1
            failed += bool(wrong)
            print(f"cluster: {what}: {'; '.join(wrong) or 'right'}", flush=True)
    print(f"cluster: {count} cases, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main([pathlib.Path(a).resolve() for a in sys.argv[1:]]))
