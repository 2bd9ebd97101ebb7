#!/bin/sh
# The completions, in the shells they are for. What a machine lacks is named and left out.
# Usage: tests/cli/completions.sh, with $WINNOW (build/winnow) as the program; the completions
# stand beside it.
. "$(dirname "$0")/suite.sh"
here=$root/tests/cli
built=$(dirname "$W")

row() { # NAME WANTED GOT
    cases=$((cases + 1))
    [ "$2" = "$3" ] && return
    failed=$((failed + 1))
    echo "completions: $1: got: $3, not: $2"
}

sorted() { tr ' ' '\n' | sed '/^$/d' | sort | tr '\n' ' ' | sed 's/ $//'; }

languages=$("$built/winnow" --lang=no 2>&1 | sed -n 's/.*a language: //p' | tr -d ,)
touch input.txt

# The words of a command line as bash cuts them: the last is the one to complete.
in_bash() { # WORD...
    bash --norc -c '
        source "$0"
        COMP_WORDS=(winnow "$@") COMP_CWORD=$#
        _winnow
        printf "%s\n" "${COMPREPLY[@]}"' "$built/completions/bash" "$@" | sorted
}

if command -v bash > /dev/null 2>&1; then
    row "bash: --fo" "--form= --format=" "$(in_bash --fo)"
    row "bash: --form=" "nfc nfd nfkc nfkd none" "$(in_bash --form =)"
    row "bash: --form=nf" "nfc nfd nfkc nfkd" "$(in_bash --form = nf)"
    row "bash: --form nf" "nfc nfd nfkc nfkd" "$(in_bash --form nf)"
    row "bash: --form=nf, uncut" "--form=nfc --form=nfd --form=nfkc --form=nfkd" \
        "$(in_bash --form=nf)"
    row "bash: --lang=" "$(echo "$languages" | sorted)" "$(in_bash --lang =)"
    row "bash: --keep=" "all" "$(in_bash --keep =)"
    row "bash: -o" "" "$(in_bash -o inp)"
    row "bash: a FILE" "" "$(in_bash --split inp)"
    row "bash: behind --" "" "$(in_bash -- --fo)"
    row "bash: --stats, then an option" "--form= --format=" "$(in_bash --stats --fo)"
    row "bash: --no such" "" "$(in_bash --nosuch =)"
    row "bash: as bash itself asks" "input.txt" "$(bash --norc -i -c '
        source "$0"
        complete -p winnow | grep -q -- "-o default" && compgen -f inp' \
        "$built/completions/bash" 2> /dev/null)"
else
    skip "bash"
fi

in_zsh() { # LINE
    zsh -f "$here/capture.zsh" "$temporary/zsh" "$1" | tr '\n' ' ' | sorted
}

if command -v zsh > /dev/null 2>&1; then
    mkdir zsh && cp "$built/completions/zsh" zsh/_winnow
    row "zsh: --fo" "--form --format" "$(in_zsh 'winnow --fo')"
    row "zsh: --form=nf" "nfc nfd nfkc nfkd" "$(in_zsh 'winnow --form=nf')"
    row "zsh: --lang" "$(echo "$languages" | sorted)" "$(in_zsh 'winnow --lang ')"
    row "zsh: -o" "input.txt" "$(in_zsh 'winnow -o inp')"
    row "zsh: --stats=" "input.txt" "$(in_zsh 'winnow --stats=inp')"
    row "zsh: a FILE" "input.txt" "$(in_zsh 'winnow --split inp')"
else
    skip "zsh"
fi

in_fish() { # LINE
    fish --no-config -c 'complete -c winnow -e; source $argv[1]; complete -C $argv[2]' \
        "$built/completions/fish" "$1" | sed 's/	.*//' | tr '\n' ' ' | sorted
}

if command -v fish > /dev/null 2>&1; then
    row "fish: --fo" "--form --format" "$(in_fish 'winnow --fo')"
    row "fish: --form=nf" "--form=nfc --form=nfd --form=nfkc --form=nfkd" \
        "$(in_fish 'winnow --form=nf')"
    row "fish: --lang" "$(echo "$languages" | sorted)" "$(in_fish 'winnow --lang ')"
    row "fish: -o" "input.txt" "$(in_fish 'winnow -o inp')"
    row "fish: --stats=" "--stats=input.txt" "$(in_fish 'winnow --stats=inp')"
    row "fish: a FILE" "input.txt" "$(in_fish 'winnow --split inp')"
else
    skip "fish"
fi

finish
