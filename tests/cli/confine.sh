#!/bin/sh
# Least privilege: what the command may still do once its files are open. Usage:
# tests/cli/confine.sh, with $WINNOW (build/winnow) as the program; skipped where the kernel has no
# Landlock, strace is missing, or the program was built for tools that need more.
. "$(dirname "$0")/suite.sh"

skip() {
    echo "confine: not run here: $1"
    exit 0
}
command -v strace > /dev/null || skip "no strace"
echo "Some text stands here." > a
strace -f -o trace "$W" a > out 2> err || skip "strace cannot trace"
grep -q '^[0-9]* *landlock_restrict_self(.* = 0' trace || skip "no Landlock"

# row NAME SCRIPT: the script, in an empty folder beside a, succeeds.
row() {
    rm -rf here && mkdir here here/in here/out
    cases=$((cases + 1))
    (cd here && eval "$2") > said 2>&1 && return
    failed=$((failed + 1))
    echo "confine: $1: $(cat said)"
}

row "it can gain no privileges" 'grep "prctl(PR_SET_NO_NEW_PRIVS, 1.* = 0" ../trace'
row "it is confined before any thread is made and any text is read" \
    'strace -f -o t "$W" -j2 ../a && awk "/landlock_restrict_self/ { there = 1 }
        /clone/ || /openat.*\"\.\.\/a\"/ && !/O_PATH/ { if (!there) exit 1; any = 1 }
        END { exit !any }" t'
row "only inputs are opened afterwards" \
    'strace -f -o t "$W" ../a && awk "/landlock_restrict_self/ { there = 1 }
        there && /open/ && !/\"\.\.\/a\"/ { exit 1 }" t'
row "files of several folders, links, -o beside others, reports" \
    'cp ../a in/b; ln -s in/b link; ln -s in folder; echo old > out/f; ln -s f out/g
    "$W" $same -j2 --stats=out/s --dropped=out/d --report=out/r -o out/g ../a in/b link folder/b &&
    cat ../a in/b in/b in/b | cmp - out/f && [ -s out/s ] && [ -s out/r ] && [ -L out/g ] &&
    [ "$(ls -A out | tr "\n" " ")" = "d f g r s " ]'
row "compressed files, saved sets" \
    'gzip -c ../a > in/a.gz && "$W" --save-seen=out/set -o out/f in/a.gz && cmp ../a out/f &&
    "$W" --seen=out/set --save-seen=out/more -o out/g ../a && [ ! -s out/g ] && [ -s out/more ] &&
    [ "$(ls -A out | tr "\n" " ")" = "f g more set " ]'
row "pipes by name, and devices" \
    'mkfifo p; cat ../a > p & cat ../a | "$W" $same p /dev/stdin /dev/null - > o; cat ../a ../a | cmp - o'
row "winnow-seen is confined before it reads keys, and opens nothing but folders afterwards" \
    '"$W" --save-seen=in/set ../a > o && strace -f -o t "$W-seen" merge -o out/x in/set in/set &&
    cmp in/set out/x && awk "/landlock_restrict_self.* = 0/ { there = 1 }
        /pread64.*6400|pread64.*, 10, 128/ { if (!there) exit 1; any = 1 }
        there && /open/ && !/O_DIRECTORY/ { exit 1 } END { exit !any }" t'
row "... and all its commands go on" \
    '"$W" --save-seen=in/set ../a > o && "$W-seen" info in/set ../here/in/set && ln -s in/set link &&
    "$W-seen" check in/set link && : > in/y && ln -s ../in/y out/y.1 && "$W-seen" split -o out/y 2 in/set &&
    "$W-seen" merge -o z out/y.0 in/y && cmp z in/set && "$W-seen" merge -o in/set in/set link'
row "a failure removes what is temporary" \
    'cp ../a in/a; printf "bad \377\n" > in/b; "$W" --invalid=fail -o out/f in/a in/b
    [ $? = 1 ] && [ -z "$(ls -A out)" ]'
row "a file replaced before its turn is read" \
    'mkfifo in/p; cp ../a in/b; "$W" $same in/p in/b > o & exec 3> in/p; sleep 0.3
    echo "New text." > in/c; mv in/c in/b; exec 3>&-; wait $! && [ "$(cat o)" = "New text." ]'
row "a link turned elsewhere is not" \
    'mkfifo in/p; ln -s b in/l; cp ../a in/b; "$W" $same in/p in/l > o 2> e & exec 3> in/p; sleep 0.3
    ln -sf ../../a in/l; exec 3>&-; wait $!; [ $? = 2 ] && grep "in/l: Permission denied" e'

finish
