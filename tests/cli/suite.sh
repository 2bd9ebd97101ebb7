# What the suites of this folder share; each sources it first of all.
#
# $suite is its name, $root the project's folder, $W the program ($WINNOW, else build/winnow) and
# $PEER what stands around it in some suites ($PEER, else build/tests/cli/peer), by their whole paths,
# $temporary a folder that goes at the end. A suite begins in $temporary.
set -u
suite=$(basename "$0" .sh)
root=$(cd "$(dirname "$0")/../.." && pwd)

whole_path() { echo "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"; }

needs() { # PROGRAM
    [ -x "$1" ] || { echo "no program at $1" >&2 && exit 2; }
}

W=$(whole_path "${WINNOW:-build/winnow}")
needs "$W"
PEER=$(whole_path "${PEER:-build/tests/cli/peer}" 2> /dev/null)
temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT
cd "$temporary" || exit 2
cases=0
failed=0

# With these the output is the input.
same="--form=none --no-tidy --keep=all --boilerplate=off"

verdict() { # NAME, and what is wrong with it, or nothing
    cases=$((cases + 1))
    [ -z "$2" ] && return
    failed=$((failed + 1))
    echo "$suite: $1: $2"
}

ended() { # NAME STATUS PATTERN GOT: what was said, in the file err, by a pattern of `case`
    said=$(cat err)
    wrong=
    [ "$4" = "$2" ] || wrong="exit $4, not $2; "
    # shellcheck disable=SC2254
    case $said in
    $3) ;;
    *) wrong="${wrong}said: $said" ;;
    esac
    verdict "$1" "$wrong"
}

skip() { echo "$suite: not run here: $1"; }

finish() {
    echo "$suite: $cases cases, $failed failed"
    [ "$failed" = 0 ]
}
