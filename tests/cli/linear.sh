#!/bin/sh
# Time linear in the size of hostile text: eight times the input may take nine times the
# instructions, as valgrind counts them. Usage: tests/cli/linear.sh, with $WINNOW (build/winnow) as
# the program; skipped without valgrind.
. "$(dirname "$0")/suite.sh"
command -v valgrind > /dev/null || { echo "linear: not run here: no valgrind" && exit 0; }

# instructions BYTES OPTION...: of a run over so many bytes of the unit that is repeated.
instructions() {
    bytes=$1
    shift
    head -c "$bytes" text > part
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$W" -j1 "$@" part 2>&1 > /dev/null |
        awk '/Collected/ { print $4 }'
}

# What the first cut inside a line of more than 1 MiB takes, once: tables of its own.
head -c 1048600 /dev/zero | tr '\0' a > text
tables=$(($(instructions 1048600) - $(instructions 1048570)))

# row NAME UNIT [OPTION...]: the unit, by printf, over and over. What starting takes is left out, and
# both sizes are beyond that of one batch.
row() {
    name=$1
    unit=$2
    shift 2
    # shellcheck disable=SC2059
    printf "$unit" > unit
    : > text
    while [ "$(wc -c < unit)" -lt 2560000 ]; do
        cat unit unit unit unit > more && mv more unit
    done
    mv unit text
    start=$(instructions 512 "$@")
    once=$(instructions 320000 "$@")
    often=$(instructions 2560000 "$@")
    cases=$((cases + 1))
    [ "${often:-0}" -gt 0 ] && [ $(((often - start - tables) / 9)) -lt $((once - start)) ] && return
    failed=$((failed + 1))
    echo "linear: $name: $start, $once, $often instructions"
}

folded="--form=nfkc --match=loose --unit=line --split --boilerplate=strict"

row "one word" 'a'
row "one byte a line" 'a\n'
row "line ends" '\n'
row "carriage returns" '\r'
row "blanks" ' \t\302\240\n'
row "blanks and words" 'a \t\302\240'
row "marks" '\314\201'
row "marks, out of order" '\314\201\314\243\326\260'
row "marks, folded" '\314\201\314\243\326\260' $folded
row "jamo" '\341\204\200\341\205\241\341\206\250'
row "bytes that are no text" '\377'
row "U+FFFD" '\357\277\275'
row "escape sequences without end" '\033['
row "strings without end" '\033]a'
row "one string without end" '\033]\001\002\003'
row "zero-width spaces" '\340\270\201\342\200\213\302\255'
row "full stops" '.'
row "full stops and blanks" '. '
row "terminators of many kinds" '!?\343\200\202\340\245\244'
row "abbreviations" 'Dr. e.g. U.S. '
row "initials" 'A.B.'
row "list numbers" '1. 2) '
row "closing brackets" '.)]'
row "opening brackets" '(['
row "quotes" '"\342\200\234'
row "quotes and stops" '." '
row "quotes and stops, folded" '." ' $folded
row "digits and joints" '1,2.'
row "digits and joints, folded" '1,2.' $folded
row "rules that are drawn" '==-- '
row "phrases on one line" 'Share '
row "phrases on lines" 'Leave a reply\nShare\n'
row "phrases, strict" 'Share this:\nPosted by A B\n' $folded
row "one document" 'A b. C d.\n\n' --unit=document
row "paragraphs" 'A b. C d.\n \n' --unit=paragraph --no-tidy
row "documents" 'a\000' --format=nul --scope=document
row "documents a line" 'A b c. A b c.\n' --format=lines --scope=document
row "a compatibility character of many" '\357\267\272' --form=nfkd --match=loose

finish
