#!/bin/sh
# Every call and every allocation goes wrong in turn: outputs are whole or as they were, the status
# and one line tell, nothing temporary stays. Usage: tests/cli/calls.sh [full], with $WINNOW
# (build/winnow, and winnow-seen beside it) as the program and $SHIM (build/tests/cli/shim.so)
# between it and the system; skipped where another tool stands there already. Unless `full`, which
# is some thousand runs, every fourth allocation fails.
. "$(dirname "$0")/suite.sh"

every=4
[ "${1-}" != full ] || every=1
SHIM=$(cd "$root" && whole_path "${SHIM:-build/tests/cli/shim.so}")
if [ ! -e "$SHIM" ] || nm "$W" 2> /dev/null | grep -qE '__(asan|tsan|gcov)_'; then
    echo "calls: not run here: no shim, or sanitizers or gcov in its place"
    exit 0
fi

awk 'BEGIN { for (i = 1; i <= 20000; i++) print "This is line " i " of a long input." }' > big
{ head -n 200 big && printf 'Leave a reply\nThis is line 7 of a long input.\nCafe\314\201 \033[1m.\n'; } > page
head -n 10 page | awk '{ print "{\"id\":" NR ",\"text\":\"" $0 "\\nLeave a reply\\nIt is said twice here.\"}" }' > records
head -n 100 page | "$W" --save-seen=set > /dev/null
head -n 50 big | tail -n 20 | "$W" --save-seen=set2 > /dev/null
printf 'see our shop\nposted by*\n*offer*\n' > rules
awk 'BEGIN { for (i = 0; i < 192; i++) printf "%c", 33 + i * 7 % 90 }' > secret
gzip -c page > page.gz
mkdir here whole

# run COMMAND [VARIABLE=VALUE]...: in the folder `here`, where the outputs are there from before. Who
# dies by a signal is waited for there: the shell has words of its own for that.
run() {
    command=$1
    shift
    for made in $outputs; do echo old > "here/$made"; done
    # shellcheck disable=SC2086
    (cd here && { timeout 60 env "$@" LD_PRELOAD="$SHIM" $command; exit $?; }) > out 2> err 9> count
}

# Whether an output is whole; of a page, but for what tells the time it took.
whole() {
    [ "$1" = page ] || { cmp -s "here/$1" "whole/$1" && return; }
    [ "$1" = page ] && [ "$(lines here/page)" = "$(lines whole/page)" ]
}

# What is wrong with the outputs after a run with that status; nothing, if nothing is. Drops are
# written as they come: they are as far as they go.
left() { # STATUS
    for made in $outputs; do
        whole "$made" && continue
        [ "$1" != 0 ] || echo "$made is not whole"
        [ "$made" = drops ] && head -c "$(wc -c < here/drops)" whole/drops | cmp -s - here/drops && continue
        [ "$(head -c 5 "here/$made")" = old ] || echo "$made is neither old nor whole"
    done
    # What writers of sets lock is empty, and taken over by the next, where it could not be locked.
    find here -name '.*.winnow-new' -size 0 -exec rm {} +
    # shellcheck disable=SC2012
    there=$(ls -A here | tr '\n' ' ')
    [ "$there" = "$names" ] || { echo "there is: $there"; rm -f here/.[!.]*; }
}

lines() { wc -l < "$1" | tr -d ' '; }

# task NAME OUTPUTS COMMAND: what is done in the rows below, and what it makes when all is well.
task() {
    name=$1 outputs=$2 command=$3
    rm -rf here whole && mkdir here
    run "$command" SHIM_COUNT=9
    verdict "$name" "$([ $? = 0 ] || cat err)"
    read -r calls allocations < count
    cp -R here whole
    # shellcheck disable=SC2012
    names=$(ls -A here | tr '\n' ' ')
    verdict "$name: what it does is counted" "$([ "$calls" -gt 5 ] && [ "$allocations" -gt 5 ] || echo no)"
    run "$command" SHIM_SHORT=1
    status=$?
    verdict "$name, short and interrupted" "$([ $status = 0 ] || cat err; left $status)"
}

# each WHAT COUNT VARIABLE VALUE [STATUS]: the value's N goes from 1 to COUNT, and a little beyond.
each() {
    what=$1 count=$2 variable=$3 value=$4 expected=${5:-2}
    failures=0
    n=1 step=1
    [ "$variable" != SHIM_ALLOC ] || step=$every
    while [ "$n" -le $((count + 2)) ]; do
        run "$command" "$variable=${value%N*}$n${value#*N}"
        status=$?
        wrong=$(left $status)
        case $status in
        0) ;;
        "$expected") [ "$expected" != 2 ] || [ "$(lines err)" = 1 ] || wrong="$wrong said: $(cat err)" ;;
        *) wrong="$wrong exit $status: $(cat err)" ;;
        esac
        [ $status = 0 ] || failures=$((failures + 1))
        verdict "$name, $what $n" "$wrong"
        n=$((n + step))
    done
    verdict "$name, $what: some make it fail" "$([ $failures -gt 0 ] || echo none)"
}

all_of_it() {
    each "failing call" "$calls" SHIM_FAIL any:N:5
    each "signal before call" "$calls" SHIM_SIGNAL 15:N 143
    each "failing allocation" "$allocations" SHIM_ALLOC N
}

task "one thread" f "$W -j1 -o f ../page"
all_of_it
each "failing allocation and all after it" "$allocations" SHIM_ALLOC N+
task "three threads" f "$W -j3 -o f ../page"
all_of_it
task "records, reports" "drops f page" \
    "$W -j2 --format=jsonl --dropped=drops --report=page -o f ../records"
all_of_it
task "rules, a secret, learning" "f l" \
    "$W -q -j1 --rules=../rules --secret=../secret --learn=l -o f ../page ../page ../page"
all_of_it
task "saved sets" "f new" "$W -j1 --seen=../set --save-seen=new -o f ../page"
all_of_it
task "a compressed file" f "$W -j1 -o f ../page.gz"
all_of_it
task "merging sets" f "$W-seen merge -o f ../set ../set2"
all_of_it
each "failing allocation and all after it" "$allocations" SHIM_ALLOC N+

# ---- To standard output ----------------------------------------------------------------------

# prefix STATUS SAID COMMAND VARIABLE=VALUE: what came out is how big begins, up to a line end.
prefix() {
    outputs=
    run "$3" "$4"
    ended "$3, $4" "$1" "$2" $?
    verdict "... leaves a true prefix" "$([ -s out ] && head -c "$(wc -c < out)" big | cmp - out)"
    [ "$1" = 0 ] || verdict "... up to a line end" "$(tail -c 1 out | tr -d '\n')"
}
for j in 1 3; do
    prefix 2 "winnow: ../big: Input/output error" "$W $same -j$j ../big" SHIM_FAIL=read:3:5
    prefix 2 "winnow: write error: No space left on device" "$W $same -j$j ../big" SHIM_FAIL=write:3:28
    cp big shrinks
    run "$W $same -j$j ../shrinks" SHIM_TRUNCATE=8:3 8<> shrinks
    ended "a file truncated while it is read, -j$j" 0 "" $?
    verdict "... is read as far as it went" \
        "$([ -s out ] && [ ! -s shrinks ] && head -c "$(wc -c < out)" big | cmp - out)"
done
n=1
run "$W $same -j1 ../big" SHIM_COUNT=9
read -r calls allocations < count
while [ $n -le "$calls" ]; do
    run "$W $same -j$((1 + n % 3)) ../big" "SHIM_SIGNAL=1:$n"
    status=$?
    [ $status = 129 ] || [ $status = 0 ] || verdict "SIGHUP before call $n" "exit $status"
    verdict "SIGHUP before call $n" "$(head -c "$(wc -c < out)" big | cmp - out; tail -c 1 out | tr -d '\n')"
    n=$((n + 1))
done
outputs=f
run "$W $same -j1 -o f ../big" TMPDIR=/nonexistent
ended "temporary files need no TMPDIR" 0 "" $?
verdict "... they stand beside" "$(cmp here/f big)"

finish
