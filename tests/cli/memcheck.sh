#!/bin/sh
# Memory as valgrind sees it: nothing is read before it is written, or past its end, and nothing is
# lost. Usage: tests/cli/memcheck.sh, with $WINNOW (build/winnow, and winnow-seen beside it) as the
# program; skipped without valgrind.
. "$(dirname "$0")/suite.sh"
command -v valgrind > /dev/null || { echo "memcheck: not run here: no valgrind" && exit 0; }

check() {
    valgrind -q --suppressions="$root/tests/cli/memcheck.supp" --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect "$@"
}

# row NAME STATUS COMMAND: the command, under valgrind, ends with the status.
row() {
    (eval "check $3") > out 2> err
    status=$?
    verdict "$1" "$([ $status = "$2" ] || { echo "exit $status, not $2"; cat err; })"
}

{ printf 'Caf\303\251 e\314\201t \033[1mau lait\302\240here.\r\nLeave a reply\nShare | Tweet | Email\n'
    printf '\357\273\277One two three. Dr. Smith said "No." \377\340\270\201\342\200\213x\n\n\n'
    head -c 3000 "$root"/corpus/articles/us-condemns-rising-terrorism.txt; } > page
awk '{ gsub(/[\\"\001-\037]/, " "); print "{\"id\":" NR ",\"text\":\"" $0 "\\u00e9\\nShare\"}" }' page > records
printf '7\n{"text":1}\n{"text":"\\ud800"}\n' >> records
printf 'WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Block-Digest: sha1:A\r\nContent-Length: 31\r\n\r\nOne two three. One two three. X.\r\n\r\nWARC/1.0' > wet
printf 'see our shop\nposted by*\n*offer*\n!leave a reply\n' > rules
gzip -c page > page.gz

row "text" 0 '"$W" -j1 page'
row "two threads" 0 '"$W" -j2 page page'
row "all that costs more" 0 '"$W" -j1 --form=nfkd --match=loose --unit=paragraph --boilerplate=strict \
    --split --keep=2 --lang=de --format=nul page'
row "records, reports" 0 '"$W" -q -j2 --format=jsonl --stats=s --dropped=d --report=r -o f records'
row "WET" 0 '"$W" -q -j1 --format=wet --empty=drop wet'
row "rules, learning" 0 '"$W" -j1 --rules=rules --learn=l page page page'
row "a set saved" 0 '"$W" -j1 --save-seen=set page'
row "a set loaded" 0 '"$W" -j1 --seen=set --save-seen=more page records'
row "sets merged" 0 '"$W-seen" merge -o all set more'
row "explained" 0 '"$W" -j1 --explain page'
row "compressed" 0 '"$W" -j1 page.gz'
row "bytes that are no text" 1 '"$W" -j2 --invalid=fail -o g page'
row "a set that is full" 2 '"$W" -j1 --memory=1 page'
row "a damaged set" 2 '"$W" -j1 --seen=page page'
row "help" 0 '"$W" --help'

finish
