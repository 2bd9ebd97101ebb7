#!/bin/sh
# The manual, --help, the completions and the parser agree on the options, and what the manual,
# --help and the README tell people to type runs. What a machine lacks is named and left out.
# Usage: tests/cli/manual.sh, with $WINNOW (build/winnow) as the program; what is made of its table
# of options stands beside it.
. "$(dirname "$0")/suite.sh"
built=$(dirname "$W")

same() { # NAME WANTED-FILE GOT-FILE
    if [ -s "$2" ] && cmp -s "$2" "$3"; then
        verdict "$1" ""
    else
        verdict "$1" "$(diff "$2" "$3")"
    fi
}

# ---- One table ----------------------------------------------------------------------------------

# "-o,--output=FILE", "--keep=N|all": a line for each option, in the order of --help.
"$W" --help | sed -n 's/^  \(-.,\|   \) \(--[^ ]*\).*/\1\2/p' | tr -d ' ' > options
[ "$(wc -l < options)" -gt 20 ] || verdict "--help" "it has hardly any options"

sed -n '/^\.Sh OPTIONS/,/^\.Sh EXIT/s/^\.It //p' "$built/winnow.1" |
    sed 's/ Ns Oo Ns = Ns /[=/; s/ Ns = Ns /=/; s/ Oc$/]/; s/ | /|/g; s/Ar //g; s/Cm //g
        s/^Fl \(.\) , /-\1,/; s/Fl -/--/' > manual
same "the manual has the options of --help" options manual

sed 's/.*--/--/; s/[=[].*//' options | sort > names
sed -n 's/^\(-.\),.*/\1/p' options | sort > letters
sort names letters > words

sed -n "s/.* options='\(.*\)'/\1/p" "$built/completions/bash" | tr ' ' '\n' | sed 's/=$//; /^$/d' |
    sort -u > bash
same "bash completes the options of --help" words bash
sed -n "s/^ *'\*'{\(-.\)+*,\(--[^=}]*\).*/\1 \2/p; s/^ *'\*\(--[^=[]*\).*/\1/p" \
    "$built/completions/zsh" | tr ' ' '\n' | sort > zsh
same "zsh completes the options of --help" words zsh
sed -n 's/.* -s \(.\) -l \([^ ]*\).*/-\1 --\2/p; t
    s/.* -l \([^ ]*\).*/--\1/p' "$built/completions/fish" | tr ' ' '\n' | sort > fish
same "fish completes the options of --help" words fish

# The words an option takes, one a line: those of --help that are not in capitals.
values() {
    sed -n "s/.*$1\[*=\([^]]*\).*/\1/p" options | tr '|' '\n' | grep '^[a-z0-9]'
}

"$W" --lang=no 2>&1 | sed -n "s/.*a language: //p" | tr -d ' ' | tr ',' '\n' > languages
[ "$(wc -l < languages)" -gt 20 ] || verdict "--lang" "it names hardly any languages"
sed -n '/^\.It Fl -lang/,/^\.It/s/^\.Cm \([a-z]*\) [,.]$/\1/p' "$built/winnow.1" > manual-languages
same "the manual has the languages of the parser" languages manual-languages

# Sets `got` to the exit status, with --help behind, and what was said of the error.
ask() { # ARGUMENT...
    "$W" "$@" --help > /dev/null 2> said
    got=$?
    read -r line < said || line=
    got="$got ${line#winnow: }"
}

accepts() { # ARGUMENT...
    ask "$@"
    if [ "$got" = "0 " ]; then verdict "$*" ""; else verdict "$*" "$got"; fi
}

refuses() { # PATTERN ARGUMENT...
    pattern=$1
    shift
    ask "$@"
    # shellcheck disable=SC2254
    case $got in
    $pattern) verdict "$*" "" ;;
    *) verdict "$*" "$got" ;;
    esac
}

echo 'A phrase of a site' > f

# An argument that suits what --help calls it.
example() {
    case $1 in
    *=N*) echo 1 ;;
    *=SIZE) echo 1M ;;
    *=CODE) echo de ;;
    *=FILE.html*) echo f.html ;;
    *=[A-Z]*) echo f ;;
    *) values "$name" | head -n 1 ;;
    esac
}

while read -r option; do
    name=$(echo "$option" | sed 's/.*--/--/; s/[=[].*//')
    for value in $(values "$name"); do
        accepts "$name=$value"
    done
    case $option in
    *'[='*)
        accepts "$name"
        accepts "$name=$(example "$(echo "$option" | tr -d '[]')")"
        ;;
    *=*)
        accepts "$name=$(example "$option")"
        accepts "$name" "$(example "$option")"
        got=$("$W" "$name" 2>&1)
        [ "$?${got%%"
"*}" = "2winnow: option '$name' needs an argument" ] || verdict "$name" "$got"
        ;;
    --help | -?,--help | *--version) ;;
    *)
        accepts "$name"
        refuses "2 option '$name' takes no argument" "$name=x"
        ;;
    esac
    case $option in
    *=[A-Z]* | *'[='* | *--help | *--version) ;;
    *=*) refuses "2 invalid argument '$name=no such': it takes *" "$name=no such" ;;
    esac
    case $option in
    *--help | *--version) ;;
    -*,*=*) accepts "${option%%,*}" "$(example "$option")" ;;
    -*,*) accepts "${option%%,*}" ;;
    esac
done < options
while read -r code; do
    accepts "--lang=$code"
done < languages
for letter in a b c d e f g h i j k l m n o p q r s t u v w x y z \
    A B C D E F G H I J K L M N O P Q R S T U V W X Y Z; do
    grep -qx -- "-$letter" letters || refuses "2 unknown option '-$letter'" "-$letter"
done

# Options that the README and the manual speak of.
grep -o '`--[a-z][^` ]*' "$root/README.md" | sed 's/`//; s/[=[].*//' | sort -u > spoken
grep -v '^@more' "$root/filter/cli/winnow.1.in" | grep -o 'Fl -[a-z-]*' | sed 's/Fl -/--/' |
    sort -u >> spoken
while read -r name; do
    grep -qx -- "$name" names && verdict "$name" "" || verdict "$name" "spoken of, but not there"
done < spoken

# Keys of --stats, those of reasons aside, and their names in the manual.
"$W" --stats=stats < /dev/null
sed 's/:{[^}]*}/:0/' stats | grep -o '"[a-z_]*":' | tr -d '":' | sort > keys
sed -n '/^\.It Fl -stats/,/^\.It/s/^\.Va //p' "$built/winnow.1" | tr -d ',.' | tr ' ' '\n' |
    sed '/^$/d' | sort > manual-keys
same "the manual has the keys of --stats" keys manual-keys

# ---- Form ---------------------------------------------------------------------------------------

if command -v mandoc > /dev/null 2>&1; then
    mkdir -p man/man1 man/man3
    cp "$built/winnow.1" man/man1 && cp "$built/winnow.3" man/man3
    for page in man/man1/winnow.1 man/man3/winnow.3; do
        # Manuals of others may be missing here.
        verdict "mandoc -Tlint $page" "$(MANPATH=$PWD/man mandoc -Tlint $page 2> /dev/null |
            grep -v 'referenced manual not found')"
    done
else
    skip "mandoc -Tlint (no mandoc)"
fi
for name in $(sed -n 's/^WINNOW_API.*[ *]\(winnow_[a-z_]*\)(.*/\1/p' "$root/include/winnow.h"); do
    if grep -q "^\.It Fn $name$" "$built/winnow.3" && grep -q "^\.Fo $name$" "$built/winnow.3"; then
        verdict "winnow(3): $name" ""
    else
        verdict "winnow(3): $name" "missing"
    fi
done
for name in $(sed -n 's/^} \(winnow_[a-z_]*\);/\1/p' "$root/include/winnow.h"); do
    grep -q "^\.It Vt $name$" "$built/winnow.3" && verdict "winnow(3): $name" "" ||
        verdict "winnow(3): $name" "missing"
done

# ---- What people are told to type ---------------------------------------------------------------

# A program that fails early in a pipeline must not go unseen.
shell="sh"
command -v bash > /dev/null 2>&1 && shell="bash -o pipefail"
mkdir bin
ln -s "$W" bin/winnow
ln -s "$W-seen" bin/winnow-seen
PATH=$temporary/bin:$PATH

# The files that the examples name.
prepare() {
    rm -rf here && mkdir here here/site && ln -s "$built" here/build && cd here || exit 2
    printf '%s\n' 'The rain fell all night long.' 'Nobody was surprised by it.' \
        'The rain fell all night long.' 'Share on Facebook' > page.txt
    for file in monday.txt tuesday.txt crawl.txt list.txt list access.log access.txt site/a.txt site/b.txt; do
        cp page.txt $file
    done
    seq 30 | sed 's/.*/Request & was answered at once./; s/[13579] /& and logged /' > log
    printf 'One two three.\nOne two three.\0' > pages.nul
    printf '%s\n' '{"text":"One two three.\nOne two three."}' > pages.jsonl
    cp pages.jsonl bulk.ndjson
    echo 'Share on Facebook' > site.rules
    echo '{"pages":[{"id":1,"body":"One two three."}]}' > export.json
    printf '%s\r\n' WARC/1.0 'WARC-Type: conversion' 'Content-Length: 16' '' 'One two three.' '' '' |
        gzip > CC-MAIN-1.warc.wet.gz
    gzip -c page.txt > shard-1.txt.gz
    command -v zstd > /dev/null 2>&1 && zstd -q page.txt -o crawl.txt.zst &&
        cp crawl.txt.zst shard-2.txt.zst
    winnow --dropped=drops.jsonl page.txt > /dev/null
    for file in monday tuesday site1 site2; do winnow --save-seen=$file page.txt > /dev/null; done
    cd ..
}

# Programs of a command line that are not here.
lacking() {
    for program in $(echo "$1" | sed "s/'[^']*'//g" | tr '|' '\n' | sed 's/^ *//; s/ .*//'); do
        command -v "$program" > /dev/null 2>&1 || echo "$program"
    done
    case $1 in
    *.zst*) command -v zstd > /dev/null 2>&1 || echo zstd ;;
    esac
}

# Runs a command line; it must succeed and write something. One that waits for more is ended.
runs() { # WHERE COMMAND
    missing=$(lacking "$2" | head -n 1)
    [ -z "$missing" ] || { skip "$2 (no $missing)" && return; }
    prepare
    limit=20
    case $2 in
    *tail\ -f*) limit=1 ;;
    esac
    touch here/start && sleep 0.02
    # shellcheck disable=SC2086
    (cd here && timeout $limit $shell -c "$2") > out 2> err
    got=$?
    [ "$limit" = 1 ] && [ "$got" = 124 ] && got=0
    if [ "$got" != 0 ]; then
        verdict "$1: $2" "exit $got: $(head -n 3 err)"
    elif [ ! -s out ] && [ -z "$(find here -newer here/start -type f -size +0)" ]; then
        verdict "$1: $2" "nothing was written"
    else
        verdict "$1: $2" ""
    fi
}

sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\.Dl //p' "$built/winnow.1" > examples
[ "$(wc -l < examples)" -gt 5 ] || verdict "the manual" "it has hardly any examples"
while read -r line <&9; do
    runs "the manual" "$line"
done 9< examples

"$W" --help | sed -n '/^Examples:/,/^$/s/^  \(.*[^ ]\)   *[^ ].*/\1/p' > examples
[ "$(wc -l < examples)" -gt 3 ] || verdict "--help" "it has hardly any examples"
while read -r line <&9; do
    runs "--help" "$line"
done 9< examples

# Lines of the README's code blocks that are commands; of `make` only whether it knows the target.
grep -E '^    ([a-z./-]+ .*\| )?(winnow|make|jq|zstdcat|find|tail|man) [^ ]' "$root/README.md" |
    sed 's/^    //; s/  *# .*//' > examples
[ "$(wc -l < examples)" -gt 5 ] || verdict "the README" "it has hardly any commands"
while read -r line <&9; do
    case $line in
    make\ *)
        # shellcheck disable=SC2086
        said=$(cd "$root" && make -n ${line#make } 2>&1 > /dev/null) && said=
        verdict "the README: $line" "$said"
        ;;
    *) runs "the README" "$line" ;;
    esac
done 9< examples

finish
