#!/bin/sh
# Saved sets at the command line: --seen, --save-seen, and winnow-seen. Usage: tests/cli/sets.sh,
# with $WINNOW (build/winnow) as the program; winnow-seen stands beside it.
. "$(dirname "$0")/suite.sh"
S=$W-seen

# row NAME STATUS PATTERN SCRIPT: the script's status, and by a pattern what it says on standard
# error.
row() {
    (eval "$4") > out 2> err
    ended "$1" "$2" "$3" $?
}

holds() { # NAME SCRIPT
    if (eval "$2") > /dev/null 2>&1; then verdict "$1" ""; else verdict "$1" "no"; fi
}

# text SEED: lines, of which many are in the text of another seed too.
text() {
    awk -v seed="$1" 'BEGIN { srand(seed); for (i = 0; i < 20000; i++)
        print "Sentence " int(rand() * 30000) " is here. Number " int(rand() * 30000) " comes behind it." }'
}
text 1 > monday.txt
text 2 > tuesday.txt
text 3 > wednesday.txt
set=--format=lines

# ---- One run after another --------------------------------------------------------------------
"$W" $set monday.txt tuesday.txt wednesday.txt > whole
row "a set is saved" 0 "" '"$W" $set --save-seen=monday monday.txt > a'
row "... and known to the next run" 0 "" '"$W" $set --seen=monday --save-seen=tuesday tuesday.txt > b'
row "... and both to the one after" 0 "" \
    '"$W" $set --seen=monday --seen=tuesday --stats=stats wednesday.txt > c'
holds "the three are one" 'cat a b c | cmp - whole'
holds "tuesday's set is not empty, nor monday's" '[ "$(wc -c < tuesday)" -gt 1000 ]'
row "the same set in whatever order it came" 0 "" \
    '"$W" $set -j1 --save-seen=m1 monday.txt > a1; "$W" $set -j3 --save-seen=m3 < monday.txt | cmp - a1; cmp m1 m3 && cmp m1 monday'
row "all of it at once" 0 "" '"$W" $set --save-seen=both monday.txt tuesday.txt > ab'
row "merged" 0 "" '"$S" merge -o merged monday tuesday; cmp merged both'
holds "statistics tell what was loaded" \
    'grep -q "\"loaded\":$("$S" info both | sed "s/.*\"keys\":\([0-9]*\).*/\1/")," stats'
row "a set may be replaced" 0 "" 'cp merged old; "$S" merge -o old old monday; cmp old both'
row "no line is left" 0 "" '"$W" $set --seen=both monday.txt tuesday.txt > d; grep -c . d; [ ! -s d ]'
row "--save-seen of nothing" 0 "" '"$W" --save-seen=empty < /dev/null; [ "$(wc -c < empty)" = 144 ]'
row "... is known all the same" 0 "" '"$W" $set --seen=empty monday.txt | cmp - a'
holds "no other file is left" '! ls -A | grep winnow'

# ---- Sets that are not right ------------------------------------------------------------------
# refused NAME PATTERN SET [OPTION]: nothing is touched.
refused() {
    rm -f o d s n
    echo old > o && echo old > d && echo old > n
    row "$1" 2 "winnow: $3: $2" "\"\$W\" ${4-} --seen=$3 --save-seen=n --dropped=d -o o monday.txt"
    holds "... and nothing is touched" '[ "$(cat o d n)" = "$(printf "old\nold\nold")" ]'
    holds "... and nothing is left" '! ls -A | grep winnow'
}
refused "another level" "another --match: text, not loose" monday --match=loose
refused "another unit" "another --unit: sentence, not line" monday --unit=line
awk 'BEGIN { for (i = 0; i < 192; i++) printf "%c", 33 + i * 7 % 90 }' > secret
refused "another secret" "another --secret: *, not *" monday --secret=secret
refused "another form" "another --form: nfc, not nfd" monday --form=nfd
refused "other tidying" "other tidying: tidied, not untidied" monday --no-tidy
refused "other boundaries" "other --sentences: prose, not uax29" monday --sentences=uax29
refused "another language" "another --lang: none, not de" monday --lang=de
refused "other lengths" "other --min-words: 3, not 4" monday --min-words=4
patched() { # FILE OFFSET BYTES: monday with other bytes there
    { head -c "$2" monday && printf "$3" && tail -c +$(($2 + $(printf "$3" | wc -c) + 1)) monday; } > "$1"
}
patched unicode 64 14.9.9
refused "other data of Unicode" "another Unicode version: 14.9.9, not *" unicode
patched boundaries 80 14.9.9
refused "... for boundaries" "another Unicode version of sentence boundaries: 14.9.9, not *" boundaries
patched folds 12 '\007'
refused "keys made otherwise" "keys made by rules 7; this winnow reads 1" folds
patched fewer 16 '\001\000\000'
refused "another count" "damaged*" fewer
patched swapped 128 '\377'
refused "keys out of order" "damaged: its keys are out of order" swapped
patched reserved 112 x
refused "something where nothing stands" "damaged" reserved
for len in 0 7 127 128 1000 "$(($(wc -c < monday) - 1))"; do
    head -c "$len" monday > cut
    refused "the first $len bytes" "*" cut
done
{ cat monday && echo; } > long
refused "something behind the end" "damaged: *" long
{ head -c 2000 monday && printf x && tail -c +2002 monday; } > damaged
refused "a byte changed" "damaged: *" damaged
{ head -c 8 monday && printf '\002' && tail -c +10 monday; } > later
refused "a later version" "a saved set of version 2; this winnow reads 1" later
refused "a text" "not a saved set" monday.txt
refused "a set that is not there" "No such file or directory" nowhere
refused "a folder" "not a regular file" .
refused "a device" "not a regular file" /dev/null
refused "a set that does not fit in memory" "memory full: *" both --memory=64K
row "a set is a regular file" 2 "winnow: /dev/null: not a regular file" \
    '"$W" --save-seen=/dev/null < monday.txt'
row "a set in no folder" 2 "winnow: no/set: No such file or directory" \
    '"$W" --save-seen=no/set < monday.txt'
row "a set that is read is not written" 2 "winnow: monday: input file is output file" \
    '"$W" --seen=monday --save-seen=monday tuesday.txt'
row "one file for text and set" 2 "winnow: n: one file for two outputs" \
    '"$W" -o n --save-seen=n tuesday.txt'
row "copies" 2 "winnow: --seen takes --keep=1: *" '"$W" --keep=2 --seen=monday < tuesday.txt'
row "all copies" 2 "winnow: --save-seen takes --keep=1: *" '"$W" --keep=all --save-seen=n < tuesday.txt'
row "documents" 2 "winnow: --seen and --scope=document exclude each other*" \
    '"$W" --scope=document --seen=monday < tuesday.txt'

# ---- Runs that fail, and several at once ------------------------------------------------------
echo old > n
row "invalid bytes" 1 "winnow: *" 'printf "\377" | "$W" --invalid=fail --save-seen=n'
row "memory" 2 "winnow: memory full *" '"$W" $set --memory=64K --save-seen=n monday.txt'
if [ -w /dev/full ]; then
    row "a text that cannot be written" 2 "winnow: *" '"$W" --save-seen=n monday.txt > /dev/full'
fi
row "a signal" 143 "*" 'mkfifo p; sleep 2 > p & "$W" --save-seen=n p & w=$!; sleep 0.3; kill $w; wait $w'
holds "... leave the set that was there" '[ "$(cat n)" = old ] && ! ls -A | grep winnow'
row "two writers" 2 "winnow: n: it is being written by another process" \
    'mkfifo q; "$W" $set --save-seen=n < q > /dev/null & exec 3> q; sleep 0.2
     "$W" --save-seen=n tuesday.txt; st=$?; cat monday.txt >&3; exec 3>&-; wait; exit $st'
holds "... the first is not disturbed" 'cmp n monday'
row "what a writer left that was killed" 0 "" \
    'echo rest > .n.winnow-new; "$W" $set --save-seen=n tuesday.txt > o && "$S" check n'
if [ "$(id -u)" = 0 ]; then
    row "the mode stays" 0 "" 'chmod 640 n; "$W" $set --save-seen=n monday.txt > o; ls -l n | grep "^-rw-r-----"'
fi

# Some machines have renameat alone.
if command -v strace > /dev/null && strace -o t true 2> /dev/null; then
    row "text and set are on the disk before the set has its name, and then the name is" 0 "" \
        'ASAN_OPTIONS=detect_leaks=0 strace -f -o t -e trace=fsync,/rename \
             "$W" $set -o x --save-seen=n monday.txt
         sed -n "s/at[0-9]*(/(/; s/^[0-9]* *\\([a-z]*\\)(.*= 0\$/\\1/p" t | tr "\\n" " " |
            grep -x "fsync rename fsync fsync rename fsync "'
fi

# ---- What was learnt --------------------------------------------------------------------------
# page N: a document of a site, ended by NUL.
page() {
    printf 'Our menu\nHome\nText %d of many is here.\n# %d\nAll rights, 2024\n\0' "$1" $(($1 % 2))
}
for n in 1 2; do page $n; done > l1
for n in 3 4 5; do page $n; done > l2
page 6 > l3
nul='-q --format=nul'
"$W" $nul --learn=whole.rules l1 l2 l3 > o
row "counts are saved" 0 "" '"$W" $nul --save-learned=c1 l1 > o'
row "... gone on with" 0 "" '"$W" $nul --learned=c1 --save-learned=c2 l2 > o'
row "... to the rules of one run" 0 "" \
    '"$W" $nul --learned=c2 --learn=r l3 > o; cmp r whole.rules && grep -qx "Our menu" r'
row "they add up in their order" 0 "" \
    '"$W" $nul --save-learned=k2 l2 > o; "$W" $nul --save-learned=k3 l3 > o
     "$W" --learned=c1 --learned=k2 --learned=k3 --learn=r /dev/null; cmp r whole.rules'
row "... and may replace what was read" 0 "" \
    'cp c1 c; "$W" --learned=c --learned=k2 --save-learned=x /dev/null; cmp x c2'
# unlearnt NAME PATTERN FILE [OPTION]: nothing is touched.
unlearnt() {
    echo old > r && echo old > n
    row "$1" 2 "winnow: $3: $2" "\"\$W\" ${4-} --learned=$3 --learn=r --save-learned=n l3"
    holds "... and nothing is touched" '[ "$(cat r n)" = "$(printf "old\nold")" ]'
    holds "... and nothing is left" '! ls -A | grep winnow'
}
unlearnt "learnt of another form" "learnt with another --form" c1 --form=nfd
unlearnt "... untidied" "learnt with other tidying" c1 --no-tidy
for len in 0 7 95 96 100 $(($(wc -c < c1) - 1)); do
    head -c "$len" c1 > cut
    unlearnt "the first $len bytes of what was learnt" "cut off, or not what was learnt" cut
done
{ cat c1 && echo; } > long
unlearnt "... something behind the end" "damaged" long
{ head -c 140 c1 && printf x && tail -c +142 c1; } > bent
unlearnt "... a byte changed" "damaged: its hash is another" bent
{ head -c 64 c1 && printf '14.9.9' && tail -c +71 c1; } > unicode
unlearnt "... other data of Unicode" "learnt with another Unicode version: 14.9.9, not *" unicode
{ head -c 8 c1 && printf '\002' && tail -c +10 c1; } > later
unlearnt "... a later version" "of another version than this winnow reads" later
unlearnt "... a set" "not what was learnt" monday
unlearnt "... a device" "not a regular file" /dev/null
row "counts that are read are not written" 2 "winnow: c1: input file is output file" \
    '"$W" --learned=c1 --save-learned=c1 l3'
if [ -w /dev/full ]; then
    row "counts of a text that cannot be written" 2 "winnow: *" \
        '"$W" --save-learned=x monday.txt > /dev/full'
    holds "... are not saved" 'cmp x c2'
fi

# ---- winnow-seen ------------------------------------------------------------------------------
"$W" $set --save-seen=t monday.txt tuesday.txt > o && mv t both
"$W" $set --save-seen=t tuesday.txt > o && mv t alone
row "info" 0 "" '"$S" info monday both'
holds "... tells keys and options" 'head -n 1 out | grep "^{\"file\":\"monday\",\"version\":1,\"keys\":[0-9]*,\"min_words\":3,\"tidy\":true,\"secret\":\"e0a8bbf22130ccd1\",\"match\":\"text\",\"unit\":\"sentence\",\"form\":\"nfc\",\"sentences\":\"prose\",\"lang\":\"\",\"unicode\":\"[0-9.]*\",\"sentence_unicode\":\"[0-9.]*\",\"winnow\":\"[0-9.]*\"}$" && [ "$(wc -l < out)" = 2 ]'
row "check" 0 "" '"$S" check monday tuesday both empty'
row "check of a damaged set" 2 "winnow-seen: damaged: damaged: its hash is another" '"$S" check monday damaged'
row "merge" 0 "" '"$S" merge -o x alone monday empty; cmp x both'
row "merge of one" 0 "" '"$S" merge -o x monday; cmp x monday'
row "subtract" 0 "" '"$S" subtract -o x both monday; cmp x tuesday'
row "subtract several" 0 "" '"$S" subtract -o x both monday alone; cmp x empty'
row "intersect" 0 "" \
    '"$S" intersect -o x monday alone; "$S" subtract -o y alone tuesday; cmp x y && [ "$(wc -c < x)" -gt 1000 ]'
row "repeats" 0 "" '"$S" repeats -o r monday alone both; cmp r.0 empty && cmp r.1 x && cmp r.2 both'
for n in 1 2 7 64; do
    row "split into $n" 0 "" 'rm -f part.*; "$S" split -o part $n both; "$S" merge -o y part.*; cmp y both'
    holds "... into so many" '[ "$(ls part.* | wc -l)" = $n ] && "$S" intersect -o y part.* &&
        { [ $n = 1 ] || cmp y empty; }'
done
row "more sets than descriptors" 0 "" 'rm -f part.*; (ulimit -Sn 64; "$S" split -o part 200 both; "$S" merge -o y part.*); cmp y both'
bounds='--unit=line --min-words=1 --boilerplate=off --format=lines'
# Under sanitizers, and where another machine is played, the command does not even start in so little.
if (ulimit -v 24000 && "$S" --version && "$W" --version) > /dev/null 2>&1; then
    seq 1 2000000 | "$W" $bounds --save-seen=low > o
    seq 1000001 3000000 | "$W" $bounds --save-seen=high > o
    for command in merge subtract intersect "split 3" repeats; do
        sets="low high"
        [ "$command" != "split 3" ] || sets=low
        row "$command: less memory than one of the sets takes" 0 "" \
            'ulimit -v 24000; "$S" ${command% *} -o mem ${command#"${command% *}"} $sets'
    done
    holds "... merge wrote all of them" 'rm mem; "$S" merge -o mem low high &&
        "$S" info mem | grep "\"keys\":3000000,"'
    rm -f low high mem*
else
    echo "sets: not run here: a bound on memory (no ulimit -v)"
fi
row "sets that do not fit" 2 "winnow-seen: loose: does not fit monday: another --match: loose, not text" \
    '"$W" $set --match=loose --save-seen=loose monday.txt > o; "$S" merge -o z monday loose'
row "a damaged set" 2 "winnow-seen: damaged: damaged: its hash is another" '"$S" split -o z 3 damaged'
row "... among others" 2 "winnow-seen: damaged: damaged: its hash is another" '"$S" repeats -o z monday damaged'
holds "... nothing is written" '! ls -A | grep -e winnow -e "^z"'
row "no room" 2 "winnow-seen: no/x: No such file or directory" '"$S" merge -o no/x monday'
# What gcov notes at the end is larger.
if (ulimit -f 20) 2> /dev/null && ! nm "$W" 2> /dev/null | grep -q __gcov_; then
    row "too large a file" 2 "winnow-seen: z: File too large" \
        'trap "" XFSZ; ulimit -f 20; "$S" merge -o z monday tuesday'
    holds "... nothing is left" '! ls -A | grep -e winnow -e "^z"'
fi
try="Try 'winnow-seen --help' for more information."
usage() { row "usage: $1" 2 "winnow-seen: $2
$try" "\"\$S\" $1"; }
usage "" "no command is named"
usage "weigh monday" "unknown command 'weigh'"
usage "merge -o x" "merge: no SET is named"
usage "merge monday" "what to write is not named: -o FILE"
usage "merge -o - monday" "option '--output' needs the name of a file"
usage "info -o x monday" "info takes no --output"
usage "split -o x monday" "split takes a number from 1 to 65536 and one SET"
usage "split -o x 0 monday" "split takes a number from 1 to 65536 and one SET"
usage "split -o x 3k monday" "split takes a number from 1 to 65536 and one SET"
usage "split -o x 3 monday both" "split takes a number from 1 to 65536 and one SET"
usage "--frob" "unknown or ambiguous option '--frob'"
usage "-xh" "unknown option '-x'"
usage "--help=x" "option '--help' takes no argument"
row "--help" 0 "" '"$S" --help > help; ! awk "length > 80" help | grep .'
row "--version" 0 "" '"$S" -V | grep -q "^winnow [0-9]"'
if command -v mandoc > /dev/null; then
    row "the manual is right" 0 "" '! mandoc -T lint -W style "$root/filter/sets/winnow-seen.1" |
        grep -v "referenced manual not found"'
fi
completions=$root/filter/sets/completions
if command -v bash > /dev/null; then
    row "bash completes a command" 0 "" \
        'bash -c ". $completions/bash; COMP_WORDS=(winnow-seen in) COMP_CWORD=1; _winnow_seen
            [ \"\${COMPREPLY[*]}\" = \"info intersect\" ]"'
    row "... and a set" 0 "" \
        'bash -c ". $completions/bash; compopt() { :; }; COMP_WORDS=(winnow-seen merge -o mond)
            COMP_CWORD=3; _winnow_seen; [[ \${COMPREPLY[*]} == *monday* ]]"'
fi
if command -v zsh > /dev/null; then
    row "zsh reads its completion" 0 "" 'zsh -n "$completions/zsh"'
fi
if command -v fish > /dev/null; then
    row "fish completes a command" 0 "" \
        'fish -c "source $completions/fish; complete -C \"winnow-seen inter\"" | grep -q "^intersect"'
fi
[ ! -w /dev/full ] || row "a full device" 2 "winnow-seen: write error: No space left on device" \
    '"$S" info monday > /dev/full'

finish
