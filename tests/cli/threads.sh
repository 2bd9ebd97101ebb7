#!/bin/sh
# Threads under a sanitizer that sees data races: text, records and reports with many threads,
# signals and faults. Usage: tests/cli/threads.sh, with $WINNOW (build/tsan/winnow) as the program and
# $PEER (build/tests/cli/peer) as its helper.
. "$(dirname "$0")/suite.sh"
needs "$PEER"

# row NAME STATUS SCRIPT: the script's status; nothing is said about races.
row() {
    (eval "$3") > out 2> err
    status=$?
    wrong=
    [ $status = "$2" ] || wrong="exit $status, not $2: $(tail -n 3 err)"
    grep -q "ThreadSanitizer" err && wrong="$(grep -A 12 ThreadSanitizer err)"
    verdict "$1" "$wrong"
}

awk 'BEGIN { for (i = 1; i <= 60000; i++) print "This is line " i % 40000 ". It is long. Leave a reply.";
    for (i = 1; i <= 500; i++) print "Share\nLeave a reply\n" }' > text
awk '{ print "{\"id\":" NR ",\"text\":\"" $0 "\\nShare this:\\nOnce more.\"}" }' text | head -n 20000 > records
printf 'see our shop\nposted by*\n*offer*\n' > rules
"$W" -j1 text > one
"$W" -q -j1 --format=jsonl records > one-record

for j in 2 4; do
    row "text, -j$j" 0 '"$W" -j$j text | cmp - one'
    row "a pipe, -j$j" 0 'cat text | "$W" -j$j | cmp - one'
    row "slow ends, -j$j" 0 'head -n 3000 text > few; "$W" -j1 few > one-few
        "$PEER" slow "$W" -j$j < few | cmp - one-few'
    row "records, -j$j" 0 '"$W" -j$j --format=jsonl records | cmp - one-record'
    row "reports, rules, sets, -j$j" 0 \
        '"$W" -j$j --stats=s --dropped=d --report=r --rules=rules --save-seen=set -o o text text
        "$W" -j$j --seen=set --learn=l -o o text text text && [ ! -s o ]
        "$W" -j$j --unit=paragraph --match=loose --boilerplate=strict -o o text'
    row "explained, -j$j" 0 '"$W" -j$j --explain text > o'
    row "bytes that are no text, -j$j" 1 '{ cat text; printf "\377"; cat text; } > bad
        "$W" -j$j --invalid=fail bad > o'
    row "a full set, -j$j" 2 '"$W" -j$j --memory=200K text > o'
    row "a full device, -j$j" 2 '"$W" -j$j text > /dev/full'
    row "a reader that leaves, -j$j" 141 '{ "$W" -j$j text; echo $? > status; } | head -n 1
        exit "$(cat status)"'
    for usec in 20000 60000 120000 200000; do
        row "a signal after $usec, -j$j" 0 '"$PEER" kill 15 $usec "$W" -j$j $same text text > o
            s=$?; [ $s = 143 ] || [ $s = 0 ] || exit 1; cat text text | head -c "$(wc -c < o)" | cmp - o'
    done
    row "a signal while the reader stalls, -j$j" 143 '"$PEER" late 15 "$W" -j$j $same text > o'
done

finish
