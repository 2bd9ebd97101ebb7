#!/bin/sh
# The README's pipelines, run on small inputs of their own. What a machine lacks is named and left
# out. Usage: tests/cli/recipes.sh, with $WINNOW (build/winnow) as the program.
set -u
winnow=${WINNOW:-build/winnow}
winnow() { "$W" "$@"; }
W=$(cd "$(dirname "$winnow")" && pwd)/$(basename "$winnow")
temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT
cd "$temporary" || exit 2
cases=0
failed=0

# have PROGRAM NAME: whether the program is there; else the recipe is left out.
have() {
    command -v "$1" > /dev/null 2>&1 && return
    echo "recipes: not run here: $2 (no $1)"
    return 1
}

expect() { # NAME WANTED GOT
    cases=$((cases + 1))
    [ "$2" = "$3" ] && return
    failed=$((failed + 1))
    printf 'recipes: %s: got\n%s\n' "$1" "$3"
}

printf '%s\n' 'The rain fell all night.' 'The rain fell all night.' 'Nobody was surprised by it.' \
    'The rain fell all night.' 'Nobody was surprised by it.' > pages.txt
clean='The rain fell all night.
Nobody was surprised by it.'

if have zstd "compressed text"; then
    zstd -q pages.txt
    expect "compressed text" "$clean" "$(zstdcat pages.txt.zst | winnow --stats 2> stats | zstd -q | zstdcat)"
    expect "its statistics" 1 "$(grep -c '"repeats":3' stats)"
fi

if have jq "the sentences repeated most"; then
    winnow --dropped=drops.jsonl < pages.txt > /dev/null
    expect "the sentences repeated most" '2 The rain fell all night.
1 Nobody was surprised by it.' "$(jq -r 'select(.reason == "repeat") | .text' drops.jsonl |
        sort | uniq -c | sort -rn | head | sed 's/^ *//')"
    printf '%s\n' '{"text":"One two three.\nOne two three."}' '{"text":"One two three."}' > pages.jsonl
    expect "JSON by way of NUL" 'One two three.|One two three.|' \
        "$(jq -j '.text, "\u0000"' pages.jsonl | winnow --format=nul --scope=document |
            tr -d '\n' | tr '\0' '|')"
fi

mkdir site
printf 'One two three.\n' > site/a.txt
printf 'One two three.\nFour five six.\n' > site/b.txt
expect "many files as one stream" 'One two three.
Four five six.' "$(find site -name '*.txt' -print0 | sort -z | xargs -0 "$W")"

expect "what would go, counted" '      2 kept
      3 repeat' "$(winnow --explain pages.txt | cut -d' ' -f1 | sort | uniq -c | sed 's/^ */      /')"
expect "what would go, the text alone" 'Nobody was surprised by it.' \
    "$(winnow --explain pages.txt | grep '^kept' | cut -c22- | tail -n 1)"
for page in c d e; do printf 'Cats\nDogs\nPage %s is here.\n' $page > site/$page.txt; done
winnow --learn=site.rules site/*.txt > clean.txt
expect "what a site repeats" 'Page c is here.
Page d is here.' "$(winnow --rules=site.rules site/c.txt site/d.txt)"

if have parallel "each file by itself"; then
    (cd site && find . -name '*.txt' | parallel "$W" -o '{.}.clean' '{}')
    expect "each file by itself" "$(cat site/b.txt)" "$(cat site/b.clean)"
fi

# A log that grows: what is written is answered while its end is open.
mkfifo log
winnow --boilerplate=phrases --unit=line < log > answered &
exec 3> log
printf 'one two three\none two three\n' >&3
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -s answered ] && break
    sleep 0.1
done
expect "a log that grows" 'one two three' "$(cat answered)"
exec 3>&-
wait

echo "recipes: $cases cases, $failed failed"
[ "$failed" = 0 ]
