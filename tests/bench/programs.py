"""The programs that `make bench` measures, and what a run of one costs."""
import collections, importlib.util, os, pathlib, re, shutil, subprocess, sys, time

import texts

BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
WINNOW = str(BUILD / "winnow")
CORES = len(os.sched_getaffinity(0))
# Bytes are bytes: in other locales `sort` and `uniq` compare letters, many times slower.
ENVIRONMENT = dict(os.environ, LC_ALL="C")
ROUNDS, LEAST_ROUNDS, ENOUGH_SECONDS = 5, 2, 2.0
SLOW_BYTES = 1 << 20

# `check`: input and the output it must have, so that a name means what it should. `cold`: the file
# is put out of the page cache first.
Program = collections.namedtuple("Program", "name command about check cold", defaults=((), False))
# Seconds of wall and CPU time; bytes read from the disk.
Cost = collections.namedtuple("Cost", "seconds cpu read")


def both(program):
    """The program, and the same where the file must come from the disk."""
    about = "the same, the file not in memory before"
    return [program, program._replace(name=program.name + ", cold", about=about, cold=True)]


LINES = b"b\na\nb\na\n"
ONCE = LINES, b"b\na\n"
LINES_ONLY = "--unit=line", "--match=exact", "--min-words=1", "--form=none", "--no-tidy"
NFC_ONLY = "--form=nfc", "--no-tidy", "--keep=all"

ALL_OF_IT = Program(
    "winnow -j1", (WINNOW, "-j1"),
    "all of it: repairs UTF-8, tidies, NFC, drops repeated sentences and boilerplate")
ALL_CORES = Program("winnow -j%d" % CORES, (WINNOW,), "the same on all cores, as it comes")
CAT = Program("cat", ("cat",), "yardstick: reads and writes")
OURS = [
    *both(ALL_OF_IT),
    *(both(ALL_CORES) if CORES > 1 else []),
    Program("winnow -j1, lines only", (WINNOW, "-j1", "--boilerplate=off", *LINES_ONLY),
            "repairs UTF-8, drops repeated lines, byte for byte, but for blank ones"),
    Program("winnow -j1, NFC only", (WINNOW, "-j1", "--boilerplate=off", *NFC_ONLY),
            "repairs UTF-8 and writes NFC; drops nothing"),
]
YARDSTICKS = [
    *both(CAT), Program("sha1sum", ("sha1sum",), "yardstick: reads every byte and computes"),
]
PEERS = [
    Program("mawk", ("mawk", "!s[$0]++"),
            "repeated lines, byte for byte; keeps the text of every line in memory", ONCE),
    Program("sort -u", ("sort", "-u"),
            "repeated lines; their order is lost, nothing comes before the end; may use the disk",
            (LINES, b"a\nb\n")),
    Program("uniq", ("uniq",), "repeated lines that follow each other; remembers no others",
            (b"a\na\nb\na\n", b"a\nb\na\n")),
    Program("runiq", ("runiq",), "repeated lines, by a 64-bit hash (XXH3)", ONCE),
    Program("huniq", ("huniq",), "repeated lines, by a 64-bit hash (aHash, seeded)", ONCE),
    Program("dedupe, of kpu/preprocess", ("dedupe",),
            "repeated lines, by a 64-bit hash (Murmur)", ONCE),
    Program("uconv -x any-nfc",
            ("uconv", *"-f utf-8 -t utf-8 --from-callback substitute -x any-nfc".split()),
            "repairs UTF-8 and writes NFC; drops nothing",
            ("e\u0301\n".encode(), "\u00e9\n".encode())),
]
DATATROVE = Program(
    "datatrove", None,
    "repeated sentences, in three stages over files, one worker; %d MiB of the first text"
    % (SLOW_BYTES >> 20))


def works(program):
    if not shutil.which(program.command[0]):
        return False
    given, wanted = program.check
    try:
        done = subprocess.run(program.command, input=given, capture_output=True, timeout=10,
                              env=ENVIRONMENT)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout == wanted


def versioned(program):
    """Its name with the first thing it says that looks like a version."""
    try:
        said = subprocess.run([program.command[0], "--version"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    number = re.search(r"\d+(\.\d+)+", said)
    return program._replace(name="%s (%s)" % (program.name, number[0]) if number else program.name)


def timed(program, path):
    """What one run costs; None: it failed."""
    with open(path, "rb") as f:
        begin = time.perf_counter()
        child = subprocess.Popen(program.command, stdin=f, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        say("%s: exit %d" % (program.name, child.returncode))
        return None
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_inblock * 512)


def drop_cache(path):
    with open(path, "rb") as f:
        os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def in_turn(programs, path, rounds):
    """{program: costs}. They take turns, so that a busy moment hits all alike; one that fails is
    left out."""
    costs = {p: [] for p in programs}
    for i in range(rounds):
        for p, done in list(costs.items()):
            if i < LEAST_ROUNDS or sum(c.seconds for c in done) < ENOUGH_SECONDS:
                if p.cold:
                    drop_cache(path)
                done.append(timed(p, path))
                if not done[-1]:
                    del costs[p]
    return costs


def best(costs):
    return Cost(*(min(column) for column in zip(*costs)))


def measure_datatrove(text):
    """Its version and what it costs on the sample, which is cut off from `text`; or None."""
    if not importlib.util.find_spec("datatrove"):
        return None
    work = BUILD / "bench/datatrove"
    shutil.rmtree(work, ignore_errors=True)
    sample = texts.cut(text, BUILD / "bench/sample.txt", SLOW_BYTES)
    steps = pathlib.Path(__file__).with_name("datatrove_steps.py")
    done = subprocess.run([sys.executable, steps, sample, work], capture_output=True, text=True)
    if done.returncode:
        return None
    version, seconds, cpu = done.stdout.split()
    return version, Cost(float(seconds), float(cpu), 0), sample.stat().st_size


def say(what):
    print("bench: " + what, file=sys.stderr, flush=True)
