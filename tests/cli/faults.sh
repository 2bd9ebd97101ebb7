#!/bin/sh
# What goes wrong around the command: full devices, closed descriptors, readers that leave, files
# that are not there, signals. Usage: tests/cli/faults.sh, with $WINNOW (build/winnow) as the
# program and $PEER (build/tests/cli/peer) as its helper.
. "$(dirname "$0")/suite.sh"
needs "$PEER"

many=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)

# row NAME STATUS PATTERN SCRIPT: runs the script, which may use $W, in an empty folder; compares
# its status and, by a pattern of `case`, what it says on standard error.
row() {
    rm -rf here && mkdir here
    (cd here && eval "$4") > out 2> err
    ended "$1" "$2" "$3" $?
}

# holds NAME SCRIPT: the script, in the folder of the row before, succeeds.
holds() {
    if (cd here && eval "$2") > /dev/null 2>&1; then verdict "$1" ""; else verdict "$1" "no"; fi
}

line='A line of text that is written more than once.'
awk 'BEGIN { for (i = 1; i <= 300000; i++) print "This is line " i " of a long input." }' > big
head -n 3000 big > small
try="Try 'winnow --help' for more information."
newline='
'

# ---- The secret -------------------------------------------------------------------------------

awk 'BEGIN { for (i = 0; i < 192; i++) printf "%c", 33 + i * 7 % 90 }' > secret
row "a secret" 0 "" 'printf "a b c\nA b c\n" | "$W" --secret=../secret'
holds "... sees the same repeats" '[ "$(cat ../out)" = "a b c" ]'
row "a secret that is too short" 2 "winnow: ../small-secret: a secret takes 192 bytes" \
    'echo short > ../small-secret; "$W" --secret=../small-secret < /dev/null'
row "a secret that is not there" 2 "winnow: nowhere: No such file or directory" \
    '"$W" --secret=nowhere < /dev/null'

# ---- Rules -------------------------------------------------------------------------------------

row "rules that are not there" 2 "winnow: nowhere: No such file or directory" \
    '"$W" --rules=nowhere < /dev/null'
row "rules that are a folder" 2 "winnow: .: Is a directory" '"$W" --rules=. < /dev/null'
row "rules on standard input" 2 "winnow: invalid argument '--rules=-': it takes *" \
    '"$W" --rules=- < /dev/null'
row "rules that what is learnt would replace" 2 "winnow: r: input file is output file" \
    'echo one > r; "$W" --rules=r --learn=r < /dev/null'
holds "... are still there" '[ "$(cat r)" = one ]'
row "rules of no text" 2 "winnow: r:2: not UTF-8" \
    'printf "fine\n\\377\\376\\n" > r; "$W" --rules=r < /dev/null'
row "the second of two rules files" 2 "winnow: r:3: a number is no phrase" \
    'echo one > q; printf "one\n\n12\n" > r; "$W" --rules=q --rules=r < /dev/null'
row "many rules" 0 "" \
    'awk "BEGIN { for (i = 0; i < 300000; i++) printf \"rule %c%c%c%c\n\", 97 + i % 26,
        97 + i / 26 % 26, 97 + i / 676 % 26, 97 + i / 17576 % 26 }" > r
     printf "Rule aaab\nRule aaab it.\n" | "$W" --rules=r'
holds "... are found" '[ "$(cat ../out)" = "Rule aaab it." ]'
row "learning from fewer than three" 0 "winnow: warning: nothing can be learnt *" \
    '"$W" --learn=r ../small ../small > /dev/null'
row "... quietly" 0 "" '"$W" -q --learn=r ../small > /dev/null'
row "what is learnt is read as rules" 0 "" \
    'for i in 1 2 3; do printf "#one\n!two two\n*three*\nText %s.\n" $i > $i; done
     "$W" --learn=r 1 2 3 > /dev/null && "$W" --boilerplate=off --rules=r 1 2 3'
holds "... and means itself" '[ "$(cat ../out)" = "" ]'
if command -v script > /dev/null && echo | script -qec true /dev/null > /dev/null 2>&1; then
    red=$(printf '\033[31m')
    row "colours on a terminal" 0 "" \
        'echo "Leave a reply" > t; TERM=xterm script -qec "\"$W\" --explain t" /dev/null < /dev/null'
    holds "... there they are" 'grep -qF "${red}phrase:comments" ../out'
    row "no colours where nobody wants them" 0 "" \
        'echo "Leave a reply" > t
         NO_COLOR=1 TERM=xterm script -qec "\"$W\" --explain t" /dev/null < /dev/null'
    holds "... there are none" 'grep -q "^phrase:comments" ../out'
else
    skip "colours on a terminal (no script)"
fi

# ---- Output -----------------------------------------------------------------------------------
if [ -w /dev/full ]; then
    row "a full device" 2 "winnow: write error: No space left on device" '"$W" $same ../big > /dev/full'
    row "a full device, at the last flush" 2 "winnow: write error: No space left on device" \
        'echo "$line" | "$W" > /dev/full'
    row "a full device, -o" 2 "winnow: /dev/full: No space left on device" \
        '"$W" $same -o /dev/full ../big'
    row "a full device, --help" 2 "winnow: write error: No space left on device" \
        '"$W" --help > /dev/full'
    row "a full device, --explain" 2 "winnow: write error: No space left on device" \
        '"$W" --explain ../small > /dev/full'
    row "a full device, --learn" 2 "winnow: /dev/full: No space left on device" \
        '"$W" --learn=/dev/full ../small ../small ../small > /dev/null'
    row "a full device, --stats" 2 "winnow: /dev/full: No space left on device" \
        '"$W" --stats=/dev/full ../small'
    row "a full device, --report" 2 "winnow: /dev/full: No space left on device" \
        '"$W" --report=/dev/full ../small'
    row "a full device, --dropped" 2 "winnow: /dev/full: No space left on device" \
        '(echo "$line"; echo; echo "$line") | "$W" --dropped=/dev/full'
else
    skip "a full device (no /dev/full)"
fi
row "standard output closed" 2 "winnow: write error: Bad file descriptor" '"$W" $same ../big >&-'
row "standard output closed, at the last flush" 2 "winnow: write error: Bad file descriptor" \
    'echo "$line" | "$W" >&-'
row "standard output closed, nothing to write" 0 "" '"$W" < /dev/null >&-'
row "standard output closed, another file opened" 2 "winnow: write error: Bad file descriptor" \
    '"$W" $same --dropped=d ../small >&-'
holds "... and nothing strays into it" '[ ! -s d ]'
row "standard error closed" 2 "" '"$W" /nonexistent 2>&-'
row "standard error closed, another file opened" 2 "" '"$W" --dropped=d --memory=0 2>&-'
row "the reader leaves" 141 "" \
    '{ "$W" $same ../big; echo $? > status; } | head -n 1; exit "$(cat status)"'
row "the reader leaves, SIGPIPE ignored" 2 "winnow: write error: Broken pipe" \
    'trap "" PIPE; { "$W" $same ../big; echo $? > status; } | head -n 1; exit "$(cat status)"'

# ---- Input ------------------------------------------------------------------------------------
row "standard input closed" 2 "winnow: standard input: Bad file descriptor" '"$W" <&-'
row "a file that is not there" 2 "winnow: no/such: No such file or directory" '"$W" no/such'
row "a file that is not there, after one that is" 2 "winnow: nosuch: No such file or directory" \
    '"$W" ../small nosuch'
holds "... ends the run before anything is written" '[ ! -s ../out ]'
row "a folder" 2 "winnow: .: Is a directory" '"$W" .'
row "a folder on standard input" 2 "winnow: standard input: Is a directory" '"$W" < .'
row "the same file twice" 0 "" '"$W" $same ../small ../small > o; cat ../small ../small | cmp - o'
row "- among files" 0 "" \
    '"$W" $same ../small - ../small < ../small > o; cat ../small ../small ../small | cmp - o'
row "a FIFO" 0 "" 'mkfifo p; cat ../big > p & "$W" $same p | cmp - ../big'
row "slow non-blocking ends" 0 "" '"$PEER" slow "$W" $same < ../small | cmp - ../small'
row "a live pipe is answered" 0 "" '[ "$("$PEER" live "$W" $same | head -n 1)" = answered ]'
row "a terminal: a hint" 0 "winnow: reading from the terminal; *" \
    '[ "$("$PEER" tty "$W")" = "A line that is typed." ]'
row "a terminal, -q" 0 "" '[ "$("$PEER" tty "$W" -q)" = "A line that is typed." ]'
row "a terminal, but a FILE" 0 "" '"$PEER" tty "$W" $same ../small | cmp - ../small'
row "any number of threads" 0 "" \
    '"$W" $same -j1 ../big > a; "$W" $same -j3 ../big > b; cmp a b && cmp a ../big'
row "output is input: >>" 2 "winnow: f: input file is output file" 'cp ../small f; "$W" f >> f'
holds "... and it is as before" 'cmp f ../small'
row "output is input: < >>" 2 "winnow: standard input: input file is output file" \
    'cp ../small f; "$W" < f >> f'
row "output is input: -o" 2 "winnow: f: input file is output file" 'cp ../small f; "$W" -o f f'
row "output is input: -o, through a link" 2 "winnow: f: input file is output file" \
    'cp ../small f; ln -s f g; "$W" -o g f'
row "output is input: the second file" 2 "winnow: f: input file is output file" \
    'cp ../small f; "$W" ../small f >> f'
holds "... and it is as before" 'cmp f ../small'
row "output is input: --dropped" 2 "winnow: f: input file is output file" \
    'cp ../small f; "$W" --dropped=f f'
holds "... and it is as before" 'cmp f ../small'
row "output is input: --stats" 2 "winnow: f: input file is output file" \
    'cp ../small f; "$W" --stats=f f'
holds "... and it is as before" 'cmp f ../small'
for two in "--dropped=f --stats=f" "--dropped=f --report=f" "--stats=f --report=f" "-o f --report=f" \
    "-o f --report=./f" "-o f --dropped=f" "-o f --stats=f"; do
    row "two outputs, one file: $two" 2 "winnow: *f: one file for two outputs" \
        '"$W" '"$two"' ../small'
    row "two outputs, one file that is there: $two" 2 "winnow: *f: one file for two outputs" \
        'echo old > f; "$W" '"$two"' ../small'
    holds "... and it is as before" '[ "$(cat f)" = old ]'
done
row "two outputs, standard output and --report" 2 "winnow: f: one file for two outputs" \
    'echo old > f; "$W" --report=f ../small >> f'
row "two outputs, both standard output" 2 "winnow: standard output: one file for two outputs" \
    '{ "$W" --report=/dev/stdout ../small; echo $? > status; } | cat; exit "$(cat status)"'
row "-o, and the report on standard output" 0 "" \
    '"$W" -o f --report=/dev/stdout ../small | tail -n 1 | grep -x "</html>"'
row "output is input: --report" 2 "winnow: f: input file is output file" \
    'cp ../small f; "$W" --report=f f'
holds "... and it is as before" 'cmp f ../small'

# ---- -o ---------------------------------------------------------------------------------------
row "-o, new" 0 "" 'umask 027; "$W" $same -o f ../small; cmp f ../small'
holds "... as the umask says" '[ "$(ls -l f | cut -c 1-10)" = -rw-r----- ]'
holds "... and nothing else" '[ "$(ls -A)" = f ]'
row "-o, there already" 0 "" 'echo old > f; chmod 604 f; "$W" $same -o f ../small; cmp f ../small'
holds "... with the mode it had" '[ "$(ls -l f | cut -c 1-10)" = -rw----r-- ]'
row "-o, a link" 0 "" \
    'echo old > f; ln -s f g; "$W" $same -o g ../small; [ -L g ] && cmp f ../small'
row "-o, no such folder" 2 "winnow: no/f: No such file or directory" '"$W" -o no/f ../small'
row "-o, a folder" 2 "winnow: .: Is a directory" '"$W" -o . ../small'
row "-o -" 0 "" '"$W" $same -o - ../small | cmp - ../small'
row "-o, the input fails" 2 "winnow: nosuch: No such file or directory" \
    'echo old > f; "$W" -o f nosuch'
holds "... leaves what was there" '[ "$(cat f)" = old ] && [ "$(ls -A)" = f ]'
row "-o, invalid bytes" 1 "winnow: standard input: invalid UTF-8 at byte 6" \
    'printf "Hello \377\n" | "$W" --invalid=fail -o f'
holds "... leaves nothing" '[ -z "$(ls -A)" ]'
row "--report, the input fails" 2 "winnow: nosuch: No such file or directory" \
    'echo old > f; "$W" --report=f nosuch'
holds "... leaves what was there" '[ "$(cat f)" = old ] && [ "$(ls -A)" = f ]'
row "--report, invalid bytes" 1 "winnow: standard input: invalid UTF-8 at byte 6" \
    'printf "Hello \377\n" | "$W" --invalid=fail --report=f'
holds "... leaves nothing" '[ -z "$(ls -A)" ]'
row "-o, a signal" 143 "" 'mkfifo p; sleep 5 > p & "$PEER" kill 15 300000 "$W" -o f p'
holds "... leaves nothing" '[ "$(ls -A)" = p ]'
row "-o, the reader of --dropped leaves" 141 "" \
    'mkfifo p; head -n 1 p > /dev/null & "$W" --dropped=p -o f ../big ../big'
holds "... leaves nothing" '[ "$(ls -A)" = p ]'
if [ "$(id -u)" != 0 ]; then
    row "-o, a file made read-only" 2 "winnow: f: Permission denied" \
        'echo old > f; chmod 444 f; "$W" -o f ../small'
    row "a file that may not be read" 2 "winnow: f: Permission denied" \
        'echo old > f; chmod 000 f; "$W" f'
fi
if (ulimit -f 100) 2> /dev/null; then
    row "-o, too large a file" 153 "*" 'ulimit -c 0; ulimit -f 100; "$W" $same -o f ../big'
    holds "... leaves nothing" '[ -z "$(ls -A)" ]'
    row "-o, too large a file, SIGXFSZ ignored" 2 "winnow: f: File too large" \
        'trap "" XFSZ; ulimit -f 100; "$W" $same -o f ../big'
    holds "... leaves nothing" '[ -z "$(ls -A)" ]'
fi

# ---- Signals ----------------------------------------------------------------------------------
# is_prefix FILE: ends at a line end (or is empty) and is how ../big begins.
is_prefix() {
    [ -s "$1" ] || return 0 # stopped before its first write
    [ "$(tail -c 1 "$1" | wc -l)" -eq 1 ] && head -c "$(wc -c < "$1")" ../big | cmp -s - "$1"
}
moments() { # SIGNAL STATUS
    for usec in 0 500 1000 2000 3000 5000 8000 12000 20000 40000; do
        "$PEER" kill "$1" $usec "$W" $same ../big > o
        status=$?
        { [ $status = "$2" ] || [ $status = 0 ]; } && is_prefix o || return 1
        # Before the program listens, the signal kills as it always did.
    done
}
row "SIGINT at ten moments" 0 "" 'moments 2 130'
row "SIGTERM at ten moments" 0 "" 'moments 15 143'
row "SIGHUP at ten moments" 0 "" 'moments 1 129'
for j in 1 "$many"; do
    row "a signal while the reader stalls, -j$j" 143 "" '"$PEER" late 15 "$W" $same -j$j ../big > o'
    holds "... ends at a line" 'is_prefix o'
done
row "a signal while the reader is gone for good" 143 "" '"$PEER" deaf 15 "$W" $same ../big > o'
row "a signal while waiting for input" 130 "" 'mkfifo p; sleep 5 > p & "$PEER" kill 2 300000 "$W" p'
row "nohup" 0 "" 'trap "" HUP; "$W" $same ../big > o & kill -HUP $!; wait $!; cmp o ../big'

# ---- Usage ------------------------------------------------------------------------------------
usage() { # ARGUMENT PATTERN
    row "usage: $1" 2 "winnow: $2$newline$try" "\"\$W\" $1 < /dev/null"
}
usage --no-such-option "unknown or ambiguous option '--no-such-option'"
usage --me=1 "unknown or ambiguous option '--me=1'"
usage -Z "unknown option '-Z'"
usage -é "unknown option '-?xc3'"
usage --memory=12Q "invalid argument '--memory=12Q': *"
usage --memory=0 "invalid argument '--memory=0': *"
usage --memory=-1 "invalid argument '--memory=-1': *"
usage --memory=1KK "invalid argument '--memory=1KK': *"
usage --memory=16777216T "invalid argument '--memory=16777216T': *"
usage --memory=18446744073709551616 "invalid argument *"
usage --memory= "invalid argument *"
usage --memory "option '--memory' needs an argument"
usage --match=nearly "invalid argument '--match=nearly': it takes one of exact, text, loose"
usage --format=pdf "invalid argument '--format=pdf': it takes one of text, lines, nul, jsonl, wet"
usage "--lang=de --sentences=uax29" "--lang and --sentences=uax29 exclude each other"
usage "--field=a --format=nul" "--field takes --format=jsonl"
usage "--field=a..b --format=jsonl" "invalid argument '--field=a..b': it takes a key, *"
usage "--field= --format=jsonl" "invalid argument '--field=': it takes a key, *"
usage "--empty=drop" "--empty=drop takes --format=nul, jsonl or wet"
usage --lang=xx "invalid argument '--lang=xx': it takes the code of a language: *de, *en, *"
usage -j0 "invalid argument '-j0': *"
usage -jx "invalid argument '-jx': *"
usage --threads=0 "invalid argument '--threads=0': *"
usage -o "option '--output' needs an argument"
usage --min-words=-1 "invalid argument '--min-words=-1': *"
usage --keep=0 "invalid argument '--keep=0': *"
usage --keep=4294967295 "invalid argument *"
usage --split=yes "option '--split' takes no argument"
usage --dropped=- "invalid argument '--dropped=-': *"
usage --report=- "invalid argument '--report=-': *"
usage --progress=often "invalid argument '--progress=often': it takes one of auto, always, never"
usage --stats= "invalid argument '--stats=': *"
holds "usage goes to standard error alone" '[ ! -s ../out ]'
row "names are shown without control characters" 2 \
    'winnow: no\\x1b\[31m\\u202efile\\x9b\\x0a.: No such file or directory' \
    '"$W" "$(printf "no\033[31m\342\200\256file\233\n.")"'
row "options are, too" 2 "winnow: unknown or ambiguous option '--\\\\x1b\\[2J'$newline$try" \
    '"$W" "$(printf -- "--\033[2J")"'

# ---- The option table -------------------------------------------------------------------------
"$W" --help > help
row "--help succeeds and is silent" 0 "" '"$W" --help'
holds "... within 80 columns" '! awk "length > 80" ../help | grep .'
sed -n 's/^  .*--\([a-z][a-z-]*\)\(=\([a-z0-9|]*\)\)\{0,1\}\([ =[].*\)\{0,1\}$/\1 \3/p' help |
    sed -n '/^[a-z]/p' > table
tabled=0
while read -r option choices; do
    case $option in help | version) continue ;; esac
    for choice in $(echo "$choices" | tr '|' ' '); do
        with=
        [ "$choice" != drop ] || [ "$option" != empty ] || with=--format=nul
        row "the choice --$option=$choice" 0 "" '"$W" --$option=$choice $with < /dev/null'
        tabled=$((tabled + 1))
    done
done < table
verdict "the choices were found in --help" "$([ $tabled -ge 29 ] || echo "only $tabled")"
for option in form no-tidy invalid unit sentences split match keep min-words scope memory \
    memory-full seen save-seen boilerplate format field empty stats dropped report progress invert output \
    threads quiet help version; do
    verdict "--$option is in --help" "$(grep -q -e "--$option\([ =[]\|\$\)" help || echo no)"
done
row "--version" 0 "" '"$W" -V | head -n 1 | grep "^winnow [0-9]*\.[0-9]*\.[0-9]*$"'
row "--version names utf8proc, and its Unicode" 0 "" \
    '"$W" -V | grep -q "^utf8proc [0-9.]* (Unicode [0-9]*\.[0-9]*\.[0-9]*)$"'
row "--version names xxHash" 0 "" '"$W" -V | grep -q "^xxHash [0-9]*\.[0-9]*\.[0-9]*, XXH3-128"'
row "--version names the Unicode of the tables" 0 "" \
    '"$W" -V | grep -q "^sentence boundaries: Unicode [0-9]*\.[0-9]*\.[0-9]*$"'
row "sizes, counts, short options" 0 "" \
    '"$W" -qvj2 --memory=64M --memory=1g --memory=100000000 --keep=2 --keep=all --min-words=0 -o f < /dev/null'
row "the last of several counts" 0 "" '"$W" $same --form=nfc --form=none ../small | cmp - ../small'

# ---- Locale -----------------------------------------------------------------------------------
printf 'I\314\207stanbul and I\304\261 are written here.\n' > turkish
"$W" turkish > plain
for locale in C C.UTF-8 tr_TR.UTF-8 nonsense; do
    row "LC_ALL=$locale" 0 "" 'LC_ALL=$locale "$W" ../turkish | cmp - ../plain'
done

# ---- Reports ----------------------------------------------------------------------------------
printf 'One sentence is here for all.\n\nOne sentence is here for all.\n' > twice
row "--stats on standard error" 0 '{"version":"*","bytes_in":61,*"seconds":*}' '"$W" --stats ../twice'
row "--stats in a file, --dropped" 0 "" '"$W" --stats=s --dropped=d ../twice'
holds "... one drop, told" '[ "$(cat d)" = "{\"reason\":\"repeat\",\"document\":1,\"line\":3,\"byte\":31,\"text\":\"One sentence is here for all.\"}" ]'
holds "... the keys, in order" '[ "$(grep -o "\"[a-z_]*\":" s | tr -d "\":\n")" = \
    "versionsecretbytes_inbytes_outdocumentspassed_recordslines_inlines_outgap_beforegap_aftersentenceskeptrepeatsboilerplatephrasecontextruletemplatetoo_shortinvalid_bytescontrolsforced_cutsunrememberedunique\
loadedseen_bytesexpected_false_dropsseconds" ]'
if command -v python3 > /dev/null; then
    holds "... both read as JSON" 'python3 -m json.tool s && python3 -c "import json; [json.loads(l) for l in open(\"d\")]"'
else
    skip "reading the reports as JSON (no python3)"
fi

# ---- Records ----------------------------------------------------------------------------------
named() { echo "winnow: $1: record $2, at byte $3, stays as it is: $4"; }
awk 'BEGIN { for (i = 0; i < 7; i++) print "no record\n{\"text\":\"This is said " (i % 2 ? "" : " ") "twice.\"}" }' > records
printf '7\n{"t":1}\n' > few
row "records that stay as they are are named" 0 "$(named ../few 1 0 'no JSON object')
$(named ../few 2 2 'no field of that name')
$(named ../few 1 0 'no JSON object')
$(named ../few 2 2 'no field of that name')" '"$W" --format=jsonl ../few ../few > o; cat ../few ../few | cmp - o'
row "... the first of them, the rest are counted" 0 "winnow: *winnow: *winnow: *winnow: *winnow: \
standard input: record 9, at byte *$newline""winnow: 7 records in all stay as they are" \
    '"$W" --format=jsonl < ../records > o'
holds "... and nothing else" '[ "$(wc -l < ../err)" = 6 ] && [ "$(wc -l < o)" = 14 ]'
row "... -q" 0 "" '"$W" -q --format=jsonl ../records'
row "... and in the statistics" 0 "" \
    '"$W" -q --format=jsonl --stats=s ../records; grep -q "\"documents\":14,\"passed_records\":7," s'
row "... --invalid=fail" 1 "winnow: ../few: a record that cannot be cleaned at byte 0" \
    'printf "{\"text\":\"a  b\"}\n" > good; "$W" --format=jsonl --invalid=fail good ../few > o'
holds "... what was before it is written" '[ "$(cat o)" = "{\"text\":\"a b\"}" ]'
row "bytes that are no text, in a record, --invalid=fail" 1 \
    "winnow: standard input: invalid UTF-8 at byte 24" \
    'printf "{\"text\":\"a\"}\n{\"text\":\"\\\\n\377\"}\n" | "$W" --format=jsonl --invalid=fail'
row "a truncated WET file" 0 "$(named standard\ input 1 0 'the input ends inside the WARC record')" \
    'printf "WARC/1.0\r\nContent-Length: 9\r\n\r\nabc" | "$W" --format=wet > o'
# A record is held whole, with its text and what is made of it: so many bytes for each of its own.
awk 'BEGIN { printf "{\"text\":\""; for (i = 0; i < 400000; i++) printf "This is sentence %d of a text that is long.\\n", i
    print "\",\"id\":1}" }' > large
row "a record of 20 MB" 0 "" '"$W" --format=jsonl ../large | cmp - ../large'
if (ulimit -v 400000) 2> /dev/null && [ -z "${ASAN_OPTIONS-}" ] && ! nm "$W" 2> /dev/null | grep -q __asan; then
    row "... in twenty times as much memory, what is reserved included" 0 "" \
        'ulimit -v 400000; "$W" -j1 --boilerplate=off --format=jsonl ../large | cmp - ../large'
else
    skip "a bound on a large record's memory (no ulimit -v here)"
fi

# ---- Memory -----------------------------------------------------------------------------------
awk 'BEGIN { for (i = 1; i <= 600000; i++) print "Number " i " is a sentence of its own." }' > unique
row "--memory is kept to" 2 "winnow: memory full after * units (* bytes); what was written is right up to there; *" \
    '"$W" $same --keep=1 --memory=4M ../unique > o'
holds "... and leaves a true prefix" 'head -c "$(wc -c < o)" ../unique | cmp - o && [ -s o ]'
row "--memory-full=pass" 0 "winnow: warning: memory full: * units were not remembered, *" \
    '"$W" $same --keep=1 --memory=4M --memory-full=pass ../unique > o; cmp o ../unique'
row "... -q" 0 "" \
    '"$W" -q $same --keep=1 --memory=4M --memory-full=pass ../unique | cmp - ../unique'

finish
