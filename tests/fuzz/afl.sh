#!/bin/sh
# Fuzzes the command as a whole with AFL++: what it reads, in each way it reads it. Usage:
# tests/fuzz/afl.sh SECONDS FOLDER, with $WINNOW (build/afl/winnow) as the program, built by
# afl-clang-fast. Seeds are the corpus of the fuzz targets, without the bytes that choose options
# there. What broke the command stays below FOLDER, in crashes and hangs.
set -u
seconds=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
W=${WINNOW:-build/afl/winnow}
mkdir -p "$folder/seeds/text" "$folder/seeds/records" "$folder/seeds/rules" "$folder/seeds/set"

seed() { # FOLDER BYTES KIND: the files of a target's corpus, without so many bytes of their beginning
    for file in "$here/corpus/$1"/*; do
        tail -c +$(($2 + 1)) "$file" | head -c 4096 > "$folder/seeds/$3/${file##*/}"
    done
}
seed filter 6 text
seed records 3 records
seed rules 1 rules
printf 'One sentence is here.\nAnother one is here too.\n' > "$folder/page"
"$W" -q --save-seen="$folder/seeds/set/two" "$folder/page" > /dev/null

# AFL++ asks for these where it does not rule the machine.
export AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1

ways=7
found=0
way() { # NAME KIND OPTION...
    name=$1 kind=$2
    shift 2
    afl-fuzz -V $(((seconds + ways - 1) / ways)) -t 2000+ -m none -i "$folder/seeds/$kind" \
        -o "$folder/$name" -- "$W" -q "$@" > "$folder/$name.log" 2>&1
    if [ ! -e "$folder/$name/default/fuzzer_stats" ]; then
        tail -n 20 "$folder/$name.log"
        exit 2
    fi
    awk -v name="$name" '$1 == "execs_done" { n = $3 } $1 == "bitmap_cvg" { c = $3 }
        $1 == "saved_crashes" { k = $3 } $1 == "saved_hangs" { h = $3 }
        END { print "afl: " name ": " n " runs, " c " of the branches, " k " crashes, " h " hangs" }' \
        "$folder/$name/default/fuzzer_stats"
    set -- "$folder/$name/default/crashes"/id* "$folder/$name/default/hangs"/id*
    for file; do [ ! -e "$file" ] || found=$((found + 1)); done
}

way text text -j1
way strict text -j2 --format=nul --boilerplate=strict --match=loose --form=nfkc --split
way documents text -j1 --unit=paragraph --lang=de --explain
way jsonl records -j2 --format=jsonl
way wet records -j1 --format=wet --empty=drop
way rules rules -j1 --rules=@@ "$folder/page"
way set set -j1 --seen=@@ "$folder/page"
[ $found = 0 ]
