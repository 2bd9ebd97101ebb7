#!/bin/sh
# FILEs that are compressed: read whole, or found damaged. What a machine lacks is named and left
# out. Usage: tests/cli/compressed.sh, with $WINNOW (build/winnow) as the program.
. "$(dirname "$0")/suite.sh"

# row NAME STATUS PATTERN SCRIPT: the script's status and, by a pattern of `case`, what it says on
# standard error.
row() {
    (eval "$4") > out 2> err
    ended "$1" "$2" "$3" $?
}

# Whether the first file is what the second begins with, up to a line end, and not all of it.
is_prefix() {
    size=$(wc -c < "$1")
    [ "$size" -lt "$(wc -c < "$2")" ] && head -c "$size" "$2" | cmp -s - "$1" &&
        [ "$(tail -c 1 "$1" | tr '\n' x)" = x ]
}

# Text that no program packs to nothing: what is cut off is the end of much.
awk 'BEGIN { srand(1); for (i = 1; i <= 40000; i++)
    printf "Line %d holds %d and %d.\n", i, rand() * 1e9, rand() * 1e9 }' > text
size=$(wc -c < text)

for pair in gz:gzip zst:zstd xz:xz bz2:bzip2; do
    ending=${pair%:*} program=${pair#*:}
    command -v "$program" > /dev/null 2>&1 || {
        echo "compressed: not run here: .$ending (no $program)"
        continue
    }
    f=text.$ending
    "$program" -c < text > "$f" 2> /dev/null
    row ".$ending" 0 "" '"$W" $same "$f" | cmp - text'
    row ".$ending, -j 2, among others" 0 "" \
        'cat text text text > three; "$W" -j 2 $same text "$f" text | cmp - three'
    cat "$f" "$f" > two.$ending
    row ".$ending, two members" 0 "" 'cat text text > both; "$W" $same two.$ending | cmp - both'
    head -c $(($(wc -c < "$f") * 3 / 4)) "$f" > cut.$ending
    row ".$ending, cut short" 2 "winnow: cut.$ending: $program: *" '"$W" $same cut.$ending > part'
    row "... what was written is right" 0 "" 'is_prefix part text'
    row "... and the same whatever -j" 0 "" \
        '"$W" $same -j 3 cut.$ending 2> said | cmp - part'
    row ".$ending, cut short, -o" 2 "winnow: cut.$ending: $program: *" \
        'mkdir -p new; "$W" $same -o new/f cut.$ending'
    row "... leaves nothing" 0 "" '[ -z "$(ls -A new)" ]'
    half=$(($(wc -c < "$f") / 2))
    { head -c $half "$f" && printf 'WRONG' && tail -c +$((half + 6)) "$f"; } > bad.$ending
    row ".$ending, damaged" 2 "winnow: bad.$ending: $program: *" '"$W" $same bad.$ending > part'
    row ".$ending, not compressed" 2 "winnow: plain.$ending: $program: *" \
        'cp text plain.$ending; "$W" plain.$ending > part; [ $? = 2 ] && [ ! -s part ] && exit 2'
    row ".$ending, a name like an option" 0 "" \
        'cp "$f" "./-k .$ending"; "$W" $same -- "-k .$ending" | cmp - text'
    row ".$ending, a reader that leaves" 0 "" \
        '[ "$("$W" $same "$f" | head -n 1)" = "$(head -n 1 text)" ]'
    row ".$ending, SIGCHLD ignored" 2 "winnow: cut.$ending: $program: *" \
        'trap "" CHLD; "$W" $same cut.$ending'
    row ".$ending, an error of the filter's" 1 \
        "winnow: wrong.$ending: invalid UTF-8 at byte $size" \
        '{ cat text; printf "\377"; cat text; } | "$program" -c > wrong.$ending
        "$W" $same --invalid=fail wrong.$ending'
    row ".$ending, on standard input" 0 \
        "winnow: warning: standard input: this looks compressed, and is * '$program -dc'" \
        '"$W" < "$f" > part'
    row ".$ending, on standard input, -q" 0 "" '"$W" -q < "$f" > part'
    row ".$ending, no such program" 2 "winnow: $f: cannot run $program: No such file *" \
        'PATH=$temporary/new LC_ALL=C "$W" $same "$f"'
done

finish
