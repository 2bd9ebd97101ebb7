#!/bin/sh
# The Debian packages: looked over by lintian, installed below a root of their own (what is
# installed on this machine satisfies their dependencies), used and removed. The machine itself is
# not touched. Usage: tests/cli/package.sh FOLDER, with the packages of `make deb` in it.
set -u
folder=${1:?the folder of the packages}
folder=$(cd "$folder" && pwd)
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
    echo "package: $name: $(tail -n 5 "$temporary/out")"
}

if command -v lintian > /dev/null 2>&1; then
    holds "lintian: no error, no warning" lintian --fail-on error,warning "$folder"/winnow_*.changes
else
    echo "package: not run here: lintian"
fi

root=$temporary/root
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" "$root/var/lib/dpkg/triggers"
# Only the packages that ours depend on: of them only the status is looked at.
native=$(dpkg --print-architecture)
needed=
for package in libc6 libgcc-s1 libnettle8 libsimdjson14 libstdc++6 libutf8proc2 libxxhash0 \
    libsimdjson-dev libutf8proc-dev libxxhash-dev nettle-dev python3; do
    needed="$needed $package:$native"
done
needed="$needed parallel" # of no architecture
# shellcheck disable=SC2086
dpkg-query -W -f 'Package: ${Package}\nStatus: ${Status}\nMaintainer: ${Maintainer}
Architecture: ${Architecture}\nMulti-Arch: ${Multi-Arch}\nVersion: ${Version}
Description: ${binary:Summary}\n\n' $needed |
    sed '/^Multi-Arch: $/d' > "$root/var/lib/dpkg/status"
as_root=
[ "$(id -u)" = 0 ] || as_root=fakeroot
in_root() { $as_root dpkg --root="$root" --log=/dev/null "$@"; }

packages="winnow winnow-cluster libwinnow0 libwinnow-dev"
files=
for package in $packages; do
    files="$files $(ls "$folder/${package}"_*.deb)"
done
# shellcheck disable=SC2086
holds "they install" in_root -i $files
for package in $packages; do
    holds "$package is installed" sh -c '
        dpkg-query --admindir="$1/var/lib/dpkg" -W -f "\${Status}" "$2" |
            grep -qx "install ok installed"' \
        - "$root" "$package"
done
holds "winnow runs" "$root/usr/bin/winnow" --version
holds "it cleans" test "$(echo "One two three. One two three." | "$root/usr/bin/winnow")" = \
    "One two three."
for file in bin/winnow bin/winnow-parallel bin/winnow-spark share/man/man1/winnow.1.gz share/man/man3/winnow.3.gz include/winnow.h \
    share/bash-completion/completions/winnow share/zsh/vendor-completions/_winnow \
    share/fish/vendor_completions.d/winnow.fish; do
    holds "/usr/$file" test -s "$root/usr/$file"
done
libraries=$(dirname "$(ls "$root"/usr/lib/*/libwinnow.so.0)")
cat > "$temporary/program.c" << 'END'
#include <stdio.h>
#include <winnow.h>

int main(void)
{
    return fputs(winnow_version_text(), stdout) < 0;
}
END
links() {
    flags=$(PKG_CONFIG_PATH=$libraries/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root \
        pkg-config --cflags --libs winnow) &&
        cc "$temporary/program.c" $flags -o "$temporary/program" &&
        LD_LIBRARY_PATH=$libraries "$temporary/program" | grep -q '^winnow '
}
holds "a program links with the library" links
# shellcheck disable=SC2086
holds "they go" in_root -P $packages
holds "... and leave no file" test -z "$(find "$root" ! -type d ! -path '*/var/lib/dpkg/*')"

echo "package: $cases cases, $failed failed"
[ "$failed" = 0 ]
