#!/bin/sh
# `make install` and `make uninstall`: everything goes where PREFIX and DESTDIR say, works from
# there, and leaves nothing behind. Usage: tests/cli/install.sh, with $MAKE and $CC.
set -u
cd "$(dirname "$0")/../.." || exit 2
make=${MAKE:-make}
cc=${CC:-cc}
temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT
cases=0
failed=0

holds() { # NAME COMMAND...
    cases=$((cases + 1))
    name=$1
    shift
    "$@" > "$temporary/out" 2>&1 && return
    failed=$((failed + 1))
    echo "install: $name: $(head -n 5 "$temporary/out")"
}

files() { (cd "$1" && find . ! -type d | sort); }

stage=$temporary/stage
holds "make install, staged" $make --no-print-directory install DESTDIR="$stage" PREFIX=/opt/winnow
files "$stage" > "$temporary/staged"
for file in bin/winnow include/winnow.h lib/libwinnow.a lib/libwinnow.so lib/pkgconfig/winnow.pc \
    bin/winnow-seen share/man/man1/winnow-seen.1 share/man/man1/winnow.1 share/man/man3/winnow.3 \
    share/bash-completion/completions/winnow share/bash-completion/completions/winnow-seen \
    bin/winnow-parallel bin/winnow-spark share/man/man1/winnow-parallel.1 \
    share/zsh/site-functions/_winnow share/fish/vendor_completions.d/winnow.fish; do
    holds "... $file" grep -qx "./opt/winnow/$file" "$temporary/staged"
done
holds "... and nowhere else" test -z "$(grep -v '^\./opt/winnow/' "$temporary/staged")"
holds "... whatever the folder's place" \
    sh -c '! grep -q "$1" "$1/opt/winnow/lib/pkgconfig/winnow.pc"' - "$stage"
holds "make uninstall, staged" \
    $make --no-print-directory uninstall DESTDIR="$stage" PREFIX=/opt/winnow
holds "... leaves no file" test -z "$(files "$stage")"

prefix=$temporary/prefix
holds "make install" $make --no-print-directory install PREFIX="$prefix"
holds "... with files for all to read" test -z "$(find "$prefix" -type f ! -perm -444)"
holds "... and a command that runs" "$prefix/bin/winnow" --version

if command -v python3 > /dev/null; then
    echo "One two three. One two three." > "$temporary/in"
    if command -v parallel > /dev/null; then
        holds "... and one over shards" env PATH="$prefix/bin:$PATH" winnow-parallel "$temporary/in" \
            "$temporary/clean"
        holds "... that cleans" grep -qx "One two three." "$temporary/clean/part-00000"
    fi
    holds "... and one on Spark" sh -c '"$1/bin/winnow-spark" --help | grep -q -e --master' - "$prefix"
fi

cat > "$temporary/program.c" << 'END'
#include <stdio.h>
#include <winnow.h>

static int sink(void *user, const void *text, size_t len)
{
    return fwrite(text, 1, len, user) != len;
}

int main(void)
{
    static const char TEXT[] = "One two three. One  two three.\n";
    winnow *w;
    if (winnow_create(&w, NULL, sink, stdout) != WINNOW_OK)
        return 1;
    winnow_status status = winnow_feed(w, TEXT, sizeof TEXT - 1);
    if (status == WINNOW_OK)
        status = winnow_finish(w);
    winnow_free(w);
    return status != WINNOW_OK;
}
END
# A program links with what `pkg-config $1` says of the library; it says "One two three."
links() {
    flags=$(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config "$@" winnow) &&
        $cc "$temporary/program.c" $flags -o "$temporary/program" &&
        [ "$(LD_LIBRARY_PATH=$prefix/lib "$temporary/program")" = "One two three." ]
}
holds "a program links with the library" links --cflags --libs
holds "pkg-config knows the version" \
    test "$(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --modversion winnow)" = \
    "$("$prefix/bin/winnow" --version | sed -n 's/^winnow //p')"
rm -f "$prefix"/lib/*.so*
holds "... and without the shared one" links --static --cflags --libs
holds "make uninstall" $make --no-print-directory uninstall PREFIX="$prefix"
holds "... leaves no file" test -z "$(files "$prefix")"

echo "install: $cases cases, $failed failed"
[ "$failed" = 0 ]
