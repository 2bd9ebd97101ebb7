"""Where inputs lie, where they may be cut, and how pieces of them are handed to a program.

An input is a file, or a URL of an object store or another file system that pyarrow reads
(s3://bucket/key, gs://, hdfs://, abfs://, file://). It is cut behind a record alone:

    lines, jsonl  behind a line end
    nul           behind a NUL
    wet           behind a record, found by walking over all before it; in an object store nowhere
    text          nowhere: a file is one document

Of packed files a .gz of several members is cut between two of them, where the first ends as a
record does; in wet both begin as a record does, too, as they do in files with a member for each
record. What only looks like the beginning of a member is known by its check sum, and text holds
none, as it would not be UTF-8. All other packed files stay whole.
"""

import contextlib
import errno
import os
import time
import zlib

READ_BYTES = 1 << 20
OBJECT_READ_BYTES = 8 << 20  # each is a request of its own
MEMBER_READ_BYTES = 64 << 10
PACKED = (".gz", ".zst", ".xz", ".bz2")
RECORD_END = {"lines": b"\n", "jsonl": b"\n", "nul": b"\0"}
GZIP = b"\x1f\x8b\x08"
WET_VERSIONS = (b"WARC/1.0\r\n", b"WARC/1.1\r\n")
WET_HEADER_MAX = 32 << 10
WET_BLOCK_MAX = 100 << 20  # longer ones are not cut behind


class InputError(Exception):
    """What is wrong with an input."""


def is_object(path):
    return "://" in path


def ending(path):
    """.gz and the like; "" where it is not packed."""
    name = path.split("?")[0]
    return next((end for end in PACKED if name.endswith(end)), "")


def file_system(path):
    """pyarrow's file system for a URL, and what it calls the file."""
    try:
        from pyarrow import fs
    except ImportError:
        raise InputError(f"{path}: to read it takes pyarrow") from None
    scheme, _, rest = path.partition("://")
    return fs.FileSystem.from_uri(f"{'s3' if scheme in ('s3a', 's3n') else scheme}://{rest}")


@contextlib.contextmanager
def told(path):
    """Errors of pyarrow's have neither a file's name nor a number."""
    try:
        yield
    except (ValueError, OSError) as e:
        why = str(getattr(e, "strerror", None) or e).splitlines()[0]
        raise InputError(f"{path}: {why}") from None


def look(path):
    """Bytes of an input, and when it was changed, in ns."""
    if not is_object(path):
        if not os.path.isfile(path):
            raise InputError(f"{path}: no such file")
        stat = os.stat(path)
        return stat.st_size, stat.st_mtime_ns
    with told(path):
        system, name = file_system(path)
        info = system.get_file_info(name)
    if not info.is_file:
        raise InputError(f"{path}: no such object")
    return info.size, info.mtime_ns


def open_at(path, at):
    if is_object(path):
        system, name = file_system(path)
        f = system.open_input_file(name)
    else:
        f = open(path, "rb", buffering=MEMBER_READ_BYTES)
    f.seek(at)
    return f


# ---- Where to cut ------------------------------------------------------------------------------


def behind_byte(path, byte, at, size):
    """The offset behind the first such byte from `at` on."""
    with open_at(path, at) as f:
        while block := f.read(READ_BYTES):
            end = block.find(byte)
            if end >= 0:
                return at + end + 1
            at += len(block)
    return size


def wet_record_end(f, at):
    """The offset behind the record at `at`; None where it is not as it should be, and all that
    follows might be part of it."""
    f.seek(at)
    if f.readline(WET_HEADER_MAX) not in WET_VERSIONS:
        return None
    length = None
    while (line := f.readline(WET_HEADER_MAX)) != b"\r\n":
        name, colon, value = line.partition(b":")
        if not (name and colon and line.endswith(b"\r\n")) or f.tell() - at > WET_HEADER_MAX:
            return None
        if name.lower() == b"content-length":
            digits = value.strip(b" \t\r\n")
            if length is not None or not digits.isdigit():
                return None
            digits = digits.lstrip(b"0") or b"0"
            if len(digits) > len(str(WET_BLOCK_MAX)) or int(digits) > WET_BLOCK_MAX:
                return None
            length = int(digits)
    if length is None:
        return None
    f.seek(length, os.SEEK_CUR)
    return f.tell() if f.read(4) == b"\r\n\r\n" else None


def behind_wet_record(path, known, at, size):
    """The offset behind the first record that ends at `at` or later; `known`: where one ends."""
    with open_at(path, known) as f:
        while known is not None and known < at:
            known = wet_record_end(f, known)
    return size if known is None else known


def read_member(f, at):
    """Of the gzip member at `at`: its first and its last bytes, and the offset behind it. None:
    there is none that is whole."""
    unpack, first, last = zlib.decompressobj(31), b"", b""
    f.seek(at)
    try:
        while not unpack.eof:
            block = unpack.unconsumed_tail or f.read(MEMBER_READ_BYTES)
            text = unpack.decompress(block, READ_BYTES)
            if not block and not text:
                return None
            first = (first + text[:16])[:16]
            last = (last + text[-4:])[-4:]
    except zlib.error:
        return None
    return first, last, f.tell() - len(unpack.unused_data)


def first_member(path, f, at, size):
    """Where the first member from `at` on begins, and what it is."""
    while (at := find(path, GZIP, at, size)) < size:
        if member := read_member(f, at):
            return at, member
        at += 1
    return size, None


def find(path, word, at, size):
    with open_at(path, at) as f:
        before = b""
        while block := f.read(READ_BYTES):
            place = (before + block).find(word)
            if place >= 0:
                return at - len(before) + place
            at += len(block)
            before = (before + block)[1 - len(word) :]
    return size


def fits(kind, first, last):
    """Whether records begin and end where this member does."""
    if kind == "wet":
        return first.startswith(WET_VERSIONS) and last == b"\r\n\r\n"
    return last.endswith(RECORD_END[kind])


def behind_member(path, kind, at, size):
    with open_at(path, at) as f:
        at, member = first_member(path, f, at, size)
        while member:
            first, last, at = member
            member = read_member(f, at)
            if member and fits(kind, first, last) and (kind != "wet" or fits(kind, *member[:2])):
                return at
    return size


def place_to_cut(path, kind, known, at, size):
    """The first place behind `at` where the input may be cut, or its size. `known`: the one
    before."""
    if kind == "text":
        return size
    with told(path):
        if ending(path) == ".gz":
            return behind_member(path, kind, at, size)
        if ending(path) or (kind == "wet" and is_object(path)):
            return size
        if kind == "wet":
            return behind_wet_record(path, known, at, size)
        return behind_byte(path, RECORD_END[kind], at, size)


# ---- Handing over ------------------------------------------------------------------------------


def is_whole_file(path, begin, end):
    return not is_object(path) and begin == 0 and end == os.path.getsize(path)


def open_fifo(name, child):
    """Its writing end, once the child reads it; None where it ended instead."""
    while child.poll() is None:
        try:
            fd = os.open(name, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as e:
            if e.errno != errno.ENXIO:
                raise
            time.sleep(0.002)
            continue
        os.set_blocking(fd, True)
        return os.fdopen(fd, "wb", buffering=0)
    return None


def feed(piece, name, child):
    """Writes a piece of an input to a FIFO. What the child leaves unread its status tells of."""
    path, begin, end = piece
    fifo = open_fifo(name, child)
    if not fifo:
        return
    size = OBJECT_READ_BYTES if is_object(path) else READ_BYTES
    with told(path), open_at(path, begin) as f, fifo:
        left = end - begin
        while left and (block := f.read(min(left, size))):
            left -= len(block)
            try:
                write_all(fifo, block)
            except BrokenPipeError:
                return
    if left:
        raise InputError(f"{path}: {left} bytes are missing")


def write_all(fifo, block):
    rest = memoryview(block)
    while rest:
        rest = rest[fifo.write(rest) :]
