#!/bin/sh
# The README's pipelines, run on small inputs of their own. What a machine lacks is named and left
# out. Usage: tests/cli/recipes.sh, with $WINNOW (build/winnow) as the program and, for Python, that
# of `.ci/setup all` beside it, or else python3.
. "$(dirname "$0")/suite.sh"
winnow() { "$W" "$@"; }
python=$(dirname "$W")/venv/bin/python
[ -x "$python" ] || python=python3

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
    printf '%s\n' '{"pages":[{"id":1,"body":"One two three.\nOne two three."},{"id":2,"body":"Four."}]}' > export.json
    expect "with jq, from any shape of JSON" 'One two three.
Four.' "$(jq -c '.pages[] | {id, text: .body}' export.json | winnow --format=jsonl | jq -r .text)"
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

# ---- Records ----------------------------------------------------------------------------------

if have gzip "WET through zcat"; then
    for page in 1 2; do
        printf 'WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 16\r\n\r\nOne  two three.\n\r\n\r\n' |
            gzip > "CC-MAIN-$page.warc.wet.gz"
    done
    zcat CC-MAIN-*.warc.wet.gz | winnow --format=wet | gzip > clean.warc.wet.gz
    expect "WET through zcat" "$(printf 'WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 15\r
\r\nOne two three.\n\r\n\r\nWARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 0\r\n\r\n\r\n\r\n|')" \
        "$(zcat clean.warc.wet.gz; echo '|')"
fi

printf '%s\n' '{"page":{"body":"One two  three.","n":1}}' '{"page":{"body":"One two three."}}' > fields.jsonl
expect "a field inside a field" '{"page":{"body":"One two three.","n":1}}' \
    "$(winnow --format=jsonl --field=page.body --empty=drop fields.jsonl)"

printf '%s\n' '{"index":{"_id":"1"}}' '{"text":"One two three."}' '{"index":{"_id":"2"}}' \
    '{"text":"One two three. Four."}' > bulk.ndjson
expect "a bulk file" '{"index":{"_id":"1"}}
{"text":"One two three."}
{"index":{"_id":"2"}}
{"text":"Four."}' "$(winnow -q --format=jsonl bulk.ndjson 2>&1)"

printf '%s\n' '{"text":"One two three. One two three.","id":1}' '{"text":"Four.","id":2}' > raw.jsonl
if have parallel "each file of records by itself"; then
    find . -name raw.jsonl | parallel "$W" --format=jsonl -o '{.}.clean' '{}'
    expect "each file of records by itself" '{"text":"One two three.","id":1}
{"text":"Four.","id":2}' "$(cat raw.clean)"
fi

# The README's own lines: the file has no other Python.
readme=$root/README.md
if ! "$python" -c 'import datasets' 2> /dev/null; then
    echo "recipes: not run here: a dataset (no $python that has datasets)"
else
    { sed -n '/^    from datasets/,/^    clean = /s/^    //p' "$readme"; echo 'print(*clean["text"], sep="|")'; } > d.py
    expect "a dataset" 'One two three.|Four.' \
        "$(PATH=$(dirname "$W"):$PATH HF_HOME=$temporary HF_DATASETS_OFFLINE=1 "$python" d.py 2> d.err)"
fi

# A server of our own; it refuses to be run by root.
server=$(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2> /dev/null | tail -n 1)
as_nobody() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; else "$@"; fi; }
if [ ! -x "$server/initdb" ] || ! have psql PostgreSQL || ! have setpriv PostgreSQL; then
    echo "recipes: not run here: PostgreSQL (no server)"
else
    mkdir pg && chmod 755 . && chmod 777 pg
    export PGHOST="$temporary/pg" PGUSER=winnow PGDATABASE=postgres
    as_nobody "$server/initdb" -D pg/data -U winnow -A trust -E UTF8 --locale=C > pg.log 2>&1
    (cd pg && as_nobody "$server/pg_ctl" -D data -w -o "-k '$PGHOST' -h '' -F" -l log start) >> pg.log 2>&1
    psql -q -c 'CREATE TABLE pages (id int, body text); CREATE TABLE clean (page json)' -c \
        "INSERT INTO pages VALUES (1, E'One \\\\ \"two\" three.\nOne \\\\ \"two\" three.'), (2, 'Four.  Five.')"
    eval "$(sed -n '/^    as="(FORMAT/,/psql.*FROM STDIN/s/^    //p' "$readme")" > /dev/null
    expect PostgreSQL '1|One \ "two" three.
2|Four. Five.' "$(psql -At -c "SELECT page->>'id', page->>'body' FROM clean")"
    as_nobody "$server/pg_ctl" -D pg/data -m immediate stop >> pg.log 2>&1
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

finish
