# What zsh completes, a match a line: zsh -f capture.zsh FOLDER LINE, with _winnow in the folder.
# The line is typed in a terminal of its own; what is offered is caught on its way to the screen.
zmodload zsh/zpty || exit 1
found=$(mktemp) || exit 1
zpty -b shell zsh -f -i
zpty -w shell "fpath=($1 \$fpath) found=$found"
zpty -w shell '
autoload -U compinit && compinit -D -u
compadd() {
    [[ ${@[1,(i)(-|--)]} == *-[OAD]* ]] && { builtin compadd "$@"; return }
    local -a hits
    builtin compadd -O hits "$@"
    print -rl -- $hits >> $found
    builtin compadd "$@"
}
capture() { _main_complete; : > $found.done }
zle -C capture complete-word capture
bindkey "^X" capture'
zpty -w -n shell "$2"$'\x18'
for ((i = 0; i < 200; i++)); do
    [[ -e $found.done ]] && break
    sleep 0.05
done
zpty -d shell
[[ -e $found.done ]] && cat $found
rm -f $found $found.done
