#!/bin/sh
# What --format=wet writes, read back by warcio, a reader of WARC files that is none of ours: record
# for record, with lengths and digests that are true.
# Usage: tests/cli/warcio.sh, with $WINNOW (build/winnow) as the program and, for Python, that of
# `.ci/setup all` beside it, or else $PYTHON (python3).
set -u
winnow=${WINNOW:-build/winnow}
python=$(dirname "$winnow")/venv/bin/python
[ -x "$python" ] || python=${PYTHON:-python3}
"$python" -c 'import warcio' 2> /dev/null || {
    echo "warcio: not run here: no $python that has warcio"
    exit 0
}
temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT
cat > "$temporary/make.py" << 'END'
import io, sys
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

def texts():
    yield "Nothing here is said twice.\n"
    for n in range(300):
        yield ("Number %d has a line of its own.\nThis line is on every page.\n\n"
               "Caf\u0065\u0301 and  blanks \u00e9.\n%s" % (n, "More of it.\r\n" * (n % 7 * 500)))
    yield ""
    yield "No line end"

for version in ("1.0", "1.1"):
    w = WARCWriter(sys.stdout.buffer, gzip=False, warc_version=version)
    sys.stdout.buffer.flush()
    w.write_record(w.create_warcinfo_record("f.wet", {"software": "a test  of it"}))
    for n, text in enumerate(texts()):
        for kind in ("conversion", "metadata"):
            w.write_record(w.create_warc_record("http://example.org/%d" % n, kind,
                payload=io.BytesIO(text.encode()), warc_content_type="text/plain"))
END
cat > "$temporary/compare.py" << 'END'
import sys
from warcio.archiveiterator import ArchiveIterator

def records(path):
    with open(path, "rb") as f:
        for r in ArchiveIterator(f, check_digests="raise"):
            body = r.raw_stream.read()
            assert int(r.rec_headers.get_header("Content-Length")) == len(body)
            yield r.rec_type, r.rec_headers.get_header("WARC-Record-ID"), body, r.rec_headers

a, b = list(records(sys.argv[1])), list(records(sys.argv[2]))
assert len(a) == len(b) > 1000, (len(a), len(b))
changed = 0
for x, y in zip(a, b):
    assert x[:2] == y[:2]
    assert x[0] == "conversion" or (x[2] == y[2] and x[3].headers == y[3].headers), x[1]
    assert [h[0] for h in x[3].headers] == [h[0] for h in y[3].headers]
    changed += x[2] != y[2]
    assert x[2] == y[2] or b"  " not in y[2]
assert changed > 500, changed
print("warcio: %d records read back, %d of them cleaned" % (len(b), changed))
END
"$python" "$temporary/make.py" > "$temporary/in.wet" &&
    "$winnow" --format=wet "$temporary/in.wet" > "$temporary/out.wet" &&
    "$python" "$temporary/compare.py" "$temporary/in.wet" "$temporary/out.wet" &&
    "$winnow" --format=wet --form=none --no-tidy --keep=all --boilerplate=off "$temporary/in.wet" |
    cmp - "$temporary/in.wet"
