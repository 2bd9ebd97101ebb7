#!/bin/sh
# Builds: two in different folders are equal, byte for byte; one for a big-endian machine, one for a
# 32-bit one and one with other vectors, run by qemu, pass the golden tests. Usage:
# tests/cli/builds.sh, in the folder of the Makefile. Says what it leaves out. What other machines
# need is not for a script to install, as dpkg must be told of them: dpkg --add-architecture s390x,
# then g++-s390x-linux-gnu, qemu-user-static, libxxhash-dev:s390x, libutf8proc-dev:s390x,
# nettle-dev:s390x and libsimdjson14:s390x (its -dev would take the place of this machine's own);
# likewise i386, with g++-i686-linux-gnu, and arm64, with g++-aarch64-linux-gnu.
set -u
temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT
cases=0
failed=0

verdict() { # NAME, and whether it went well
    cases=$((cases + 1))
    [ "$2" = 0 ] && return
    failed=$((failed + 1))
    echo "builds: $1: failed"
}

build() { # FOLDER BUILD ARGUMENT...
    folder=$1 to=$2
    shift 2
    (cd "$folder" && make -s BUILD="$to" "$@" all > "$temporary/log" 2>&1) && return
    cat "$temporary/log"
    return 1
}

# The sources alone, and where they lie differs in length, too.
for copy in one elsewhere/two; do
    mkdir -p "$temporary/$copy"
    cp -R Makefile filter include corpus "$temporary/$copy" || exit 2
    build "$temporary/$copy" build
    verdict "a build of its own" $?
done
for file in winnow libwinnow.so libwinnow.a; do
    cmp "$temporary/one/build/$file" "$temporary/elsewhere/two/build/$file"
    verdict "two builds of $file are equal" $?
done

machine() { # NAME COMPILER QEMU LIBRARIES
    name=$1 compiler=$2 qemu=$3 libraries=$4
    if ! command -v "$compiler" > /dev/null || ! command -v "$qemu" > /dev/null ||
        ! [ -e "$libraries/libutf8proc.so" ] || ! [ -e "$libraries/libxxhash.so" ] ||
        ! [ -e "$libraries/libnettle.so" ] || ! [ -e "$libraries/libsimdjson.so.14" ]; then
        echo "builds: not run here: $name"
        return
    fi
    build . "$temporary/$name" CC="$compiler" HOSTCC="${CC:-cc}" \
        LIBS="-lxxhash -lutf8proc -lnettle -l:libsimdjson.so.14 -lstdc++"
    built=$?
    verdict "$name: it builds" $built
    [ $built = 0 ] || return
    printf '#!/bin/sh\nexec %s %s/winnow "$@"\n' "$qemu" "$temporary/$name" > "$temporary/run-$name"
    chmod +x "$temporary/run-$name"
    for test in golden corpus; do
        WINNOW=$temporary/run-$name sh tests/cli/$test.sh
        verdict "$name: $test" $?
    done
    if command -v python3 > /dev/null; then
        WINNOW=$temporary/run-$name python3 tests/reference/compare.py 15 "$name"
        verdict "$name: the reference" $?
    fi
}

machine s390x s390x-linux-gnu-gcc qemu-s390x-static /usr/lib/s390x-linux-gnu
machine i386 i686-linux-gnu-gcc qemu-i386-static /usr/lib/i386-linux-gnu
machine arm64 aarch64-linux-gnu-gcc qemu-aarch64-static /usr/lib/aarch64-linux-gnu

echo "builds: $cases cases, $failed failed"
[ "$failed" = 0 ]
