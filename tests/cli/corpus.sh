#!/bin/sh
# The articles of the corpus: NAME.txt, cleaned with the arguments in NAME.args, is NAME.out; fed
# through a pipe and with any number of threads too. Usage: tests/cli/corpus.sh, with $WINNOW
# (build/winnow) as the program; run from the project's root.
set -u
winnow=${WINNOW:-build/winnow}
cases=0
failed=0

check() { # NAME, WAY, and whether the output was right
    cases=$((cases + 1))
    [ "$3" = 0 ] && return
    failed=$((failed + 1))
    echo "corpus: $1: $2: the output differs"
}

for text in corpus/articles/*.txt; do
    name=$(basename "$text" .txt)
    args=$(cat "corpus/articles/$name.args" 2> /dev/null)
    out=corpus/articles/$name.out
    # shellcheck disable=SC2086 # arguments they are
    "$winnow" $args -j1 "$text" | cmp -s - "$out"
    check "$name" "from a file" $?
    # shellcheck disable=SC2086
    cat "$text" | "$winnow" $args -j3 | cmp -s - "$out"
    check "$name" "from a pipe, by three threads" $?
done
echo "corpus: $cases cases, $failed failed"
[ "$failed" = 0 ]
