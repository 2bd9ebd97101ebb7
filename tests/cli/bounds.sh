#!/bin/sh
# Memory that does not grow with the input: lines, blanks, words, sequences and nesting without end,
# in a bounded address space. Usage: tests/cli/bounds.sh [full], with $WINNOW (build/winnow) as the
# program; `full`: 3 GB and 300 million lines, some minutes. Skipped where nothing bounds memory,
# and under sanitizers, which take terabytes of addresses.
. "$(dirname "$0")/suite.sh"
if ! (ulimit -v 400000) 2> /dev/null || nm "$W" 2> /dev/null | grep -qE '__(asan|tsan)_'; then
    echo "bounds: not run here: no ulimit -v, or sanitizers"
    exit 0
fi
bytes=100000000 empty=30000000 rules=300000
if [ "${1-}" = full ]; then bytes=3000000000 empty=300000000 rules=10000000; fi

repeated() { # BYTES TEXT: the text, by printf, over and over
    yes "$(printf "$2x")" | tr -d '\n' | head -c "$1"
}

# row NAME WANTED SCRIPT: what the script, in 400 MB of addresses, writes.
row() {
    wrong=$(ulimit -v 400000 && eval "$3" 2>&1)
    verdict "$1" "$([ "$(echo $wrong)" = "$2" ] || echo "$wrong")"
}

for j in 1 2; do
    row "no line end, -j$j" $bytes 'head -c $bytes /dev/zero | tr "\0" a | "$W" -j$j | wc -c'
done
row "empty lines" 0 'head -c $empty /dev/zero | tr "\0" "\n" | "$W" -j1 | wc -c'
row "empty lines, kept" $empty \
    'head -c $empty /dev/zero | tr "\0" "\n" | "$W" -j1 $same | wc -c'
row "blank lines of one document" 0 'yes " " | head -c $empty | "$W" -j1 --unit=document | wc -c'
row "NULs" 0 'head -c $empty /dev/zero | "$W" -j1 --format=nul --empty=drop | wc -c'
row "an escape sequence without end" done \
    '{ printf "\033]"; head -c $bytes /dev/zero | tr "\0" a; } | "$W" -j1 > /dev/null && echo done'
# Over 1 MiB, a line is cut; the pieces joined are what the whole would be.
row "decomposed letters alone" 800000 \
    'yes "$(printf "e\314\201")" | tr -d "\n" | head -c 1200000 | "$W" -j1 | wc -c'
row "escape sequences alone" 0 \
    'yes "$(printf "\033[m")" | tr -d "\n" | head -c 1200000 | "$W" -j1 | wc -c'
row "a line end where a line is cut" 2 \
    '{ repeated 1043575 a; printf %5000s "" | tr " " "\t"; printf "\r\nabc\n"; } | "$W" -j1 | wc -l'
row "marks on one letter" done \
    '{ printf a; repeated 30000000 "\314\201"; } | "$W" -j1 > /dev/null && echo done'
row "a paragraph without end" done \
    'yes "A line. " | head -c $bytes | "$W" -j1 --unit=paragraph > /dev/null && echo done'
row "a word of 10 MB" 10000001 '{ repeated 10000000 word; echo; } | "$W" -j1 | wc -c'
row "a phrase that never ends" done \
    'yes Share | tr "\n" " " | head -c $bytes | "$W" -j1 --boilerplate=strict > /dev/null && echo done'
for kind in '[' '{"a":' '{"text":['; do
    row "a million of $kind" same \
        '{ printf "{\"b\":"; yes "$kind" | head -n 1000000 | tr -d "\n"; echo; } > deep
        "$W" -q -j1 --format=jsonl deep | cmp - deep && echo same'
done
row "records that are not there" 0 'head -c $empty /dev/zero | tr "\0" "\n" |
    "$W" -q -j1 --format=jsonl --empty=drop | tr -d "\n" | wc -c'
row "a WARC header without end" same \
    '{ printf "WARC/1.0\r\n"; yes "A: b" | head -c 30000000; } > head
    "$W" -q -j1 --format=wet head | cmp - head && echo same'
head -c 3000000 "$W" > binary
row "rules that are a program" 2 '"$W" --rules=binary < /dev/null 2> said; echo $?'
row "... are refused with their place" 1 'grep -c "^winnow: binary:[0-9]*: " said'

# What a rules file takes grows with it; nothing else does.
awk -v n=$rules 'BEGIN { for (i = 0; i < n; i++) printf "rule %c%c%c%c%c\n", 97 + i % 26,
    97 + i / 26 % 26, 97 + i / 676 % 26, 97 + i / 17576 % 26, 97 + i / 456976 % 26 }' > many
said=$(printf 'Rule aaaba\nRule aaaba it.\n' | "$W" --rules=many)
verdict "$rules rules" "$([ "$said" = "Rule aaaba it." ] || echo "$said")"

finish
