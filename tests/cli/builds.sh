#!/bin/sh
# Builds: two in different folders are equal, byte for byte; one for a big-endian machine, one for a
# 32-bit one and one with other vectors, run by qemu, pass the golden tests. Usage:
# tests/cli/builds.sh, in the folder of the Makefile. Says what it leaves out. The libraries of other
# machines are fetched with apt-get and unpacked into a folder of the test's own: they need not be
# installed, and some could not be beside this machine's. The C library is among them: qemu's loader
# looks in this machine's folders for what its own lacks, and a loader of the cross compiler's
# package with the C library of another build, as `dpkg --add-architecture` installs it, ends in
# "stack smashing detected" at the first printf.
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

libraries="libc6 libgcc-s1 libstdc++6 libxxhash-dev libxxhash0 libutf8proc-dev libutf8proc2 nettle-dev
    libnettle8 libsimdjson-dev libsimdjson14"

# fetch ARCHITECTURE FOLDER: the libraries, as packages of that architecture hold them. What apt-get
# knows and keeps meanwhile is in that folder, too.
fetch() {
    mkdir -p "$2/lists/partial" "$2/archives/partial" "$2/unpacked" && touch "$2/status" || return 1
    set -- "$1" "$2" -qq -o "Dir::State=$2" -o "Dir::State::status=$2/status" -o "Dir::Cache=$2" \
        -o "APT::Architecture=$1" -o "APT::Architectures=$1" -o APT::Sandbox::User=root
    folder=$2
    shift 2
    # Packages of one suite may be had where the list of another has just changed.
    apt-get "$@" update > /dev/null 2>&1
    # shellcheck disable=SC2086
    (cd "$folder" && apt-get "$@" download $libraries) > /dev/null 2>&1 || return 1
    for package in "$folder"/*.deb; do dpkg -x "$package" "$folder/unpacked" || return 1; done
}

machine() { # ARCHITECTURE QEMU TRIPLET LIBRARIES
    name=$1 qemu=qemu-$2-static
    shift
    compiler=$2-gcc unpacked=$temporary/$name-libraries/unpacked
    for program in "$compiler" "$2-g++" "$qemu" apt-get dpkg; do
        command -v "$program" > /dev/null && continue
        echo "builds: not run here: $name (no $program)"
        return
    done
    if ! fetch "$name" "$temporary/$name-libraries"; then
        echo "builds: not run here: $name (apt-get has no libraries for it)"
        return
    fi
    build . "$temporary/$name" CC="$compiler" HOSTCC="${CC:-cc}" \
        CFLAGS="-O2 -g -isystem $unpacked/usr/include" \
        LIBS="-L$unpacked/usr/lib/$3 -lxxhash -lutf8proc -lnettle -lsimdjson -lstdc++"
    built=$?
    verdict "$name: it builds" $built
    [ $built = 0 ] || return
    for program in winnow winnow-seen; do
        printf '#!/bin/sh\nexec %s -L %s %s "$@"\n' "$qemu" "$unpacked" \
            "$temporary/$name/$program" > "$temporary/run-$name${program#winnow}"
        chmod +x "$temporary/run-$name${program#winnow}"
    done
    for test in golden corpus sets; do
        WINNOW=$temporary/run-$name sh tests/cli/$test.sh
        verdict "$name: $test" $?
    done
    if command -v python3 > /dev/null; then
        WINNOW=$temporary/run-$name python3 tests/reference/compare.py 15 "$name"
        verdict "$name: the reference" $?
    fi
}

machine s390x s390x s390x-linux-gnu s390x-linux-gnu
machine i386 i386 i686-linux-gnu i386-linux-gnu
machine arm64 aarch64 aarch64-linux-gnu aarch64-linux-gnu

echo "builds: $cases cases, $failed failed"
[ "$failed" = 0 ]
