#!/bin/sh
# Golden cases of the command. Each folder of tests/cli/golden is one:
#   args     the arguments, as the shell would read them; $made is a folder for files it writes
#   in       standard input (none: empty)
#   out      standard output, byte for byte (none: empty)
#   err      a pattern (of `case`) for standard error (none: empty)
#   exit     the exit status (none: 0)
#   made.X   what must stand in $made/X afterwards
# Usage: tests/cli/golden.sh [CASE]...   with $WINNOW (build/winnow) as the program. Of cases that
# are named, differences are shown in full.
set -u
root=$(cd "$(dirname "$0")" && pwd)
winnow=${WINNOW:-build/winnow}
winnow=$(cd "$(dirname "$winnow")" && pwd)/$(basename "$winnow")
[ -x "$winnow" ] || { echo "no program at $winnow" >&2 && exit 2; }
temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT
made=$temporary/made
: > "$temporary/nothing"
cases=0
failed=0

fail() {
    echo "golden: $name: $*"
    bad=1
}

expected() { # FILE: its path, or that of an empty file
    if [ -e "$1" ]; then echo "$1"; else echo "$temporary/nothing"; fi
}

run_case() {
    bad=0
    mkdir "$made"
    want=0
    [ -e exit ] && want=$(cat exit)
    arguments=
    [ -e args ] && arguments=$(cat args)
    eval "set -- $arguments"
    "$winnow" "$@" < "$(expected in)" > "$temporary/out" 2> "$temporary/err"
    got=$?
    [ "$got" = "$want" ] || fail "exit $got, not $want"
    cmp -s "$(expected out)" "$temporary/out" || {
        fail "standard output differs"
        [ "$named" = no ] || diff -a "$(expected out)" "$temporary/out"
    }
    # shellcheck disable=SC2254 # a pattern it is
    case $(cat "$temporary/err") in
    $(cat "$(expected err)")) ;;
    *) fail "standard error: $(head -n 3 "$temporary/err")" ;;
    esac
    for file in made.*; do
        [ -e "$file" ] || continue
        cmp -s "$file" "$made/${file#made.}" || fail "${file#made.} differs"
    done
    rm -rf "$made"
    cases=$((cases + 1))
    failed=$((failed + bad))
}

named=yes
[ $# -gt 0 ] || { named=no && set -- "$root"/golden/*; }
for folder in "$@"; do
    name=$(basename "$folder")
    cd "$root/golden/$name" || exit 2
    run_case
done
echo "golden: $cases cases, $failed failed"
[ "$failed" = 0 ]
